namespace NeuroDb.Query;

/// <summary>The signs of the operators, for EXPLAIN and messages.</summary>
internal static class OperatorText
{
    /// <summary>The sign of an operator.</summary>
    public static string Of(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Modulo => "%",
        BinaryOperator.Concatenate => "||",
        BinaryOperator.BitwiseAnd => "&",
        BinaryOperator.BitwiseOr => "|",
        BinaryOperator.ShiftLeft => "<<",
        BinaryOperator.ShiftRight => ">>",
        BinaryOperator.Equal => "=",
        BinaryOperator.NotEqual => "<>",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.IsNotDistinctFrom => "IS NOT DISTINCT FROM",
        BinaryOperator.IsDistinctFrom => "IS DISTINCT FROM",
        BinaryOperator.L2Distance => "<->",
        BinaryOperator.CosineDistance => "<=>",
        BinaryOperator.NegativeInnerProduct => "<#>",
        BinaryOperator.L1Distance => "<+>",
        BinaryOperator.HammingDistance => "<~>",
        BinaryOperator.JaccardDistance => "<%>",
        BinaryOperator.JsonMember => "->",
        BinaryOperator.JsonText => "->>",
        BinaryOperator.JsonPath => "#>",
        BinaryOperator.JsonPathText => "#>>",
        BinaryOperator.Contains => "@>",
        BinaryOperator.Contained => "<@",
        BinaryOperator.Overlaps => "&&",
        BinaryOperator.HasWords => "@@",
        BinaryOperator.AtTimeZone => "AT TIME ZONE",
        _ => throw Invariant.Broken("a known operator"),
    };
}
