namespace NeuroDb.Storage;

/// <summary>The kinds of changes that <see cref="UndoEntry"/> takes back.</summary>
internal enum UndoKind
{
    /// <summary>Pending rows were appended.</summary>
    Append = 0,

    /// <summary>A pending row was taken back.</summary>
    Kill = 1,

    /// <summary>A committed version was ended.</summary>
    End = 2,

    /// <summary>A table was created or dropped.</summary>
    Catalog = 3,

    /// <summary>Something temporary was changed.</summary>
    Temporary = 4,
}
