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

    /// <summary>The left rows that have a partner; made of EXISTS and IN.</summary>
    Semi,

    /// <summary>The left rows that have no partner; made of NOT EXISTS.</summary>
    Anti,
}
