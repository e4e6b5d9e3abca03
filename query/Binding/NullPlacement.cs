namespace NeuroDb.Query;

/// <summary>Where NULLs stand in an order that does not say it.</summary>
internal enum NullPlacement
{
    /// <summary>As less than every value: first in ASC, last in DESC, as in SQLite.</summary>
    Least,

    /// <summary>As greater than every value: last in ASC, first in DESC, as in PostgreSQL.
    /// </summary>
    Greatest,

    /// <summary>First in both directions.</summary>
    First,

    /// <summary>Last in both directions, as in DuckDB.</summary>
    Last,
}
