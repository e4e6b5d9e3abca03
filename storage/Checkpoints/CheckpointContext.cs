namespace NeuroDb.Storage;

/// <summary>What a <see cref="Checkpointer"/> works on.</summary>
/// <param name="Seams">The disk, and who lets go what nobody reads any more.</param>
/// <param name="Directory">The directory, whose SUPER it publishes.</param>
/// <param name="Log">The log, whose beginning it moves.</param>
/// <param name="Writer">Holds the gate and the applied state.</param>
/// <param name="Layouts">Freezes and switches the layouts of the tables.</param>
/// <param name="Pipeline">Knows which large transactions hold the log back.</param>
/// <param name="Store">The segments.</param>
/// <param name="History">What is kept of the past.</param>
internal sealed record CheckpointContext(
    SystemSeams Seams,
    DatabaseDirectory Directory,
    RecordLog Log,
    GroupWriter Writer,
    LayoutSwitcher Layouts,
    CommitPipeline Pipeline,
    SegmentStore Store,
    LogHistory History);
