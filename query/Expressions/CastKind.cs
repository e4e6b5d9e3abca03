namespace NeuroDb.Query;

/// <summary>How strict a conversion is.</summary>
internal enum CastKind
{
    /// <summary>CAST: rounds where needed, as PostgreSQL does; overflow is an error.</summary>
    Explicit,

    /// <summary>Storing into a column: only without loss.</summary>
    Assignment,

    /// <summary>Bringing operands to one type; the pairs allowed never fail by loss.</summary>
    Implicit,
}
