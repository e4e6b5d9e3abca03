namespace NeuroDb.Storage;

/// <summary>Something that could not be read, and what it means for the rows.</summary>
/// <param name="Table">The table; empty where none or more than one is meant.</param>
/// <param name="FilePath">The damaged file.</param>
/// <param name="Offset">Where in it, in bytes; -1 where no byte is meant.</param>
/// <param name="FirstRow">The number of the first row that is lost; -1 if none is known.</param>
/// <param name="LastRow">The number of the last row that is lost; -1 if none is known.</param>
/// <param name="What">What is lost or undecided.</param>
internal sealed record SalvageLoss(
    string Table, string FilePath, long Offset, long FirstRow, long LastRow, string What);
