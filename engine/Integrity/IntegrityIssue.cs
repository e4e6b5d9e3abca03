using NeuroDb.Storage;

namespace NeuroDb;

/// <summary>
/// One thing in a database that is not as it was written, as <see cref="NeuroStore.Verify"/> finds
/// it.
/// </summary>
/// <param name="FilePath">The file; empty where rows disagree with each other.</param>
/// <param name="Offset">Where in the file, in bytes; -1 where no byte is meant.</param>
/// <param name="Table">The table; empty where the finding is about no single one.</param>
/// <param name="Description">What is wrong.</param>
public sealed record IntegrityIssue(
    string FilePath, long Offset, string Table, string Description)
{
    /// <summary>The finding as one line.</summary>
    public override string ToString() =>
        new IntegrityFinding(FilePath, Offset, Table, Description).ToString();

    internal static IntegrityIssue Of(IntegrityFinding finding) =>
        new(finding.FilePath, finding.Offset, finding.Table, finding.What);
}
