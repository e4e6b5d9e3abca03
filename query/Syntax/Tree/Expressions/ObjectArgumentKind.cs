namespace NeuroDb.Query;

/// <summary>What an argument that names an object names.</summary>
internal enum ObjectArgumentKind
{
    /// <summary>A model.</summary>
    Model,

    /// <summary>A table or a view.</summary>
    Table,

    /// <summary>An index.</summary>
    Index,
}
