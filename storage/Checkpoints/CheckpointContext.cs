namespace NeuroDb.Storage;

/// <summary>What a <see cref="Checkpointer"/> works on.</summary>
/// <param name="Files">The disk.</param>
/// <param name="Directory">The directory, whose SUPER it publishes.</param>
/// <param name="Log">The log, whose beginning it moves.</param>
/// <param name="Writer">Holds the gate and the applied state.</param>
/// <param name="Layouts">Freezes and switches the layouts of the tables.</param>
/// <param name="Pipeline">Knows which large transactions hold the log back.</param>
/// <param name="Store">The segments.</param>
/// <param name="History">What is kept of the past.</param>
/// <param name="Workers">Let go what nobody reads any more.</param>
internal sealed record CheckpointContext(
    IFileSystem Files,
    DatabaseDirectory Directory,
    RecordLog Log,
    GroupWriter Writer,
    LayoutSwitcher Layouts,
    CommitPipeline Pipeline,
    SegmentStore Store,
    LogHistory History,
    IWorkers Workers);
