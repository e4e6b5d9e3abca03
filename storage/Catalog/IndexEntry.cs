namespace NeuroDb.Storage;

/// <summary>
/// An index of the catalog. The object is the same as long as the definition is unchanged, so plans
/// may hold it and compare it by reference. A rename makes a new entry that shares the structure.
/// </summary>
internal sealed class IndexEntry
{
    private readonly StructureSlot _slot;

    /// <summary>Makes the entry of an index.</summary>
    public IndexEntry(IndexSchema schema)
        : this(schema, new StructureSlot())
    {
    }

    private IndexEntry(IndexSchema schema, StructureSlot slot)
    {
        Invariant.Check(schema.Id > 0 && schema.Columns.Count > 0);
        Schema = schema;
        _slot = slot;
    }

    /// <summary>The definition.</summary>
    public IndexSchema Schema { get; }

    /// <summary>The structure, or null before <see cref="GetOrMake"/>.</summary>
    public IIndexStructure? Structure => Volatile.Read(ref _slot.Structure);

    /// <summary>The structure; made by the first who asks.</summary>
    public IIndexStructure GetOrMake(Func<IndexEntry, IIndexStructure> make)
    {
        IIndexStructure? structure = Structure;
        if (structure is not null)
        {
            return structure;
        }

        lock (_slot)
        {
            structure = _slot.Structure ?? make(this);
            Volatile.Write(ref _slot.Structure, structure);
            return structure;
        }
    }

    /// <summary>The entry with another definition of the same rows and order.</summary>
    public IndexEntry With(IndexSchema schema) => new(schema, _slot);

    private sealed class StructureSlot
    {
        public IIndexStructure? Structure;
    }
}
