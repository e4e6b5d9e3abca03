namespace NeuroDb.Storage;

/// <summary>A table at a checkpoint: its definition, counters, and where its rows are.</summary>
internal sealed record ManifestTable
{
    /// <summary>The number of the table.</summary>
    public required int Id { get; init; }

    /// <summary>The definition.</summary>
    public required TableSchema Schema { get; init; }

    /// <summary>The number that the next new row gets.</summary>
    public required long NextRowId { get; init; }

    /// <summary>The greatest value of the identity column ever; null if none was.</summary>
    public long? IdentityLast { get; init; }

    /// <summary>For each key its greatest value ever, or null where it is not kept.</summary>
    public required IReadOnlyList<long?> KeyMaxima { get; init; }

    /// <summary>The segments, with disjoint row numbers in ascending order.</summary>
    public required IReadOnlyList<ManifestPart> Parts { get; init; }

    /// <summary>The rows that live at the checkpoint: those of all parts.</summary>
    public long LiveCount
    {
        get
        {
            long count = 0;
            foreach (ManifestPart part in Parts)
            {
                count += part.LiveCount;
            }

            return count;
        }
    }
}
