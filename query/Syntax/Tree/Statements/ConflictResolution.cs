namespace NeuroDb.Query;

/// <summary>What INSERT OR and UPDATE OR do with a row that may not be stored.</summary>
internal enum ConflictResolution
{
    /// <summary>The statement fails and leaves no trace; also ABORT, FAIL and ROLLBACK.</summary>
    Fail,

    /// <summary>IGNORE: the row is left out.</summary>
    Ignore,

    /// <summary>REPLACE: the rows in its way are deleted first.</summary>
    Replace,
}
