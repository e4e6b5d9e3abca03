namespace NeuroDb.Query;

/// <summary>What a statement does, as far as callers treat statements differently.</summary>
internal enum StatementKind
{
    /// <summary>Gives rows and changes nothing: SELECT, VALUES, EXPLAIN, SHOW, COPY TO.</summary>
    Query,

    /// <summary>Changes rows: INSERT, UPDATE, DELETE, MERGE, COPY FROM.</summary>
    Change,

    /// <summary>Changes the catalog: CREATE, DROP.</summary>
    Definition,

    /// <summary>Begins, ends or divides a transaction.</summary>
    Transaction,

    /// <summary>Changes a setting of the session.</summary>
    Setting,

    /// <summary>Keeps, runs or forgets a statement: PREPARE, EXECUTE, DEALLOCATE.</summary>
    Prepared,

    /// <summary>Keeps the files in order: CHECKPOINT, VACUUM.</summary>
    Maintenance,
}
