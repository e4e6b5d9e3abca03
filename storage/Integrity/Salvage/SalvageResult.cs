namespace NeuroDb.Storage;

/// <summary>What a salvage wrote, and what it could not.</summary>
/// <param name="Tables">The tables of the new database with their rows.</param>
/// <param name="Losses">What is lost or undecided; nothing of a healthy database.</param>
internal sealed record SalvageResult(
    IReadOnlyList<(string Table, long RowCount)> Tables, IReadOnlyList<SalvageLoss> Losses);
