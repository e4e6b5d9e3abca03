using NeuroDb.Storage;

namespace NeuroDb;

/// <summary>Something that a salvage could not read, and what it means for the rows.</summary>
/// <param name="Table">The table; empty where none or more than one is meant.</param>
/// <param name="FilePath">The damaged file; empty where none is.</param>
/// <param name="Offset">Where in it, in bytes; -1 where no byte is meant.</param>
/// <param name="FirstRow">The number of the first lost row version; -1 if not known.</param>
/// <param name="LastRow">The number of the last lost row version; -1 if not known.</param>
/// <param name="Description">What is lost or undecided.</param>
public sealed record SalvageIssue(
    string Table, string FilePath, long Offset, long FirstRow, long LastRow, string Description)
{
    /// <summary>The loss as one line.</summary>
    public override string ToString()
    {
        string rows = FirstRow < 0 ? string.Empty : $" (row versions {FirstRow} to {LastRow})";
        return new IntegrityFinding(FilePath, Offset, Table, Description + rows).ToString();
    }

    internal static SalvageIssue Of(SalvageLoss loss) => new(
        loss.Table, loss.FilePath, loss.Offset, loss.FirstRow, loss.LastRow, loss.What);
}
