namespace NeuroDb.Bench;

/// <summary>The shapes of the keys that the learned bench makes.</summary>
internal enum KeyDistribution
{
    /// <summary>Consecutive numbers.</summary>
    Sequential,

    /// <summary>Uniform draws of 64 bits.</summary>
    Uniform,

    /// <summary>Sales ranks of books: gaps of a renewal process whose scale drifts.</summary>
    Books,

    /// <summary>Cells of a map along a space-filling curve: a binomial cascade.</summary>
    Osm,

    /// <summary>User numbers: blocks of a wilder cascade, and 21 that lie far outside.</summary>
    Facebook,

    /// <summary>Times of edits: by day and week, in bursts, with equal ones.</summary>
    Wiki,

    /// <summary>Draws of a lognormal distribution.</summary>
    Lognormal,
}
