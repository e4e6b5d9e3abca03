namespace NeuroDb;

/// <summary>
/// What becomes of rows whose referenced row goes or changes. The numbers are part of the file
/// format.
/// </summary>
internal enum ForeignKeyAction : byte
{
    /// <summary>An error at the end of the statement or, if deferred, at the commit.</summary>
    NoAction = 0,

    /// <summary>An error at once, even if the constraint is deferred.</summary>
    Restrict = 1,

    /// <summary>They go or change too.</summary>
    Cascade = 2,

    /// <summary>Their columns become NULL.</summary>
    SetNull = 3,

    /// <summary>Their columns get their defaults.</summary>
    SetDefault = 4,
}
