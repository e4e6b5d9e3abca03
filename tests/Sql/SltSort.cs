namespace NeuroDb.Tests.Sql;

/// <summary>How a result is brought into an order before it is compared.</summary>
internal enum SltSort
{
    /// <summary>As it came.</summary>
    None,

    /// <summary>Row by row.</summary>
    Rows,

    /// <summary>Value by value.</summary>
    Values,
}
