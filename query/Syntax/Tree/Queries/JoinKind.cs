namespace NeuroDb.Query;

/// <summary>The kinds of joins.</summary>
internal enum JoinKind
{
    /// <summary>INNER JOIN, or JOIN alone.</summary>
    Inner,

    /// <summary>CROSS JOIN.</summary>
    Cross,

    /// <summary>LEFT JOIN.</summary>
    Left,

    /// <summary>RIGHT JOIN.</summary>
    Right,

    /// <summary>FULL JOIN.</summary>
    Full,
}
