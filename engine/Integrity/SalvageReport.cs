namespace NeuroDb;

/// <summary>What <see cref="NeuroStore.Salvage"/> wrote, and what it could not.</summary>
/// <param name="Tables">The rows of each table of the new database.</param>
/// <param name="Losses">
/// What is lost, or cannot be decided; nothing of a healthy database.
/// </param>
public sealed record SalvageReport(
    IReadOnlyDictionary<string, long> Tables, IReadOnlyList<SalvageIssue> Losses);
