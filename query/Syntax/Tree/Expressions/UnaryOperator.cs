namespace NeuroDb.Query;

/// <summary>The operators before one operand.</summary>
internal enum UnaryOperator
{
    /// <summary>Minus.</summary>
    Negate,

    /// <summary>Plus.</summary>
    Plus,

    /// <summary>Tilde.</summary>
    BitwiseNot,

    /// <summary>NOT.</summary>
    Not,
}
