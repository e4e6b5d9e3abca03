namespace NeuroDb.Storage;

/// <summary>
/// Constants of the records of transactions: all numbers little-endian, each record
/// <c>kind u8 | version u8 | reserved u16 = 0 | ...</c>:
/// <c>Commit: timestamp i64, moment i64, first rows, changes</c>;
/// <c>Part: transaction i64, ordinal i32, bytes of the changes</c>;
/// <c>CommitOfParts: timestamp i64, moment i64, transaction i64, part count i32, first rows</c>;
/// <c>AbandonParts: transaction i64</c>;
/// with <c>first rows: count i32, (table i32, number of the first new row i64)*</c>.
/// </summary>
internal static class RecordFormat
{
    /// <summary>The version of all records that are written.</summary>
    public const byte Version = 3;

    /// <summary>The first version that is read; its commits have no moment.</summary>
    public const byte VersionWithoutMoment = 2;

    /// <summary>Kind, version and reserved bytes.</summary>
    public const int HeaderSizeBytes = 4;

    /// <summary>Bytes of changes in one part; larger transactions are written in parts.</summary>
    public const int PartSizeBytes = 4 * 1024 * 1024;

    /// <summary>Parts that are written to the log together.</summary>
    public const int PartGroupCount = 4;
}
