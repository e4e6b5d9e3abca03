namespace NeuroDb.Query;

/// <summary>The operators of condition chains.</summary>
internal enum LogicalOperator
{
    /// <summary>AND.</summary>
    And,

    /// <summary>OR.</summary>
    Or,
}
