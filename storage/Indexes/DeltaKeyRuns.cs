namespace NeuroDb.Storage;

/// <summary>Sorted runs that cover the first rows of a delta; never changed.</summary>
/// <param name="Runs">The runs; each one is of older rows than the next.</param>
/// <param name="RowCount">How many rows they cover: whole chunks.</param>
internal sealed record DeltaKeyRuns(KeyPiece[] Runs, long RowCount);
