using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Binds predict(m USING *) = 'label' WITH PRECISION >= p [CONFIDENCE c].
/// </summary>
internal static class ContractBinder
{
    /// <summary>The bound contract.</summary>
    public static ContractExpression Bind(
        ContractExpressionSyntax contract, ExpressionBinder expressions)
    {
        Check(contract.Precision, "PRECISION", contract.Position);
        Check(contract.Confidence, "CONFIDENCE", contract.Position);
        if (contract.Comparison is not BinaryExpressionSyntax
            {
                Operator: BinaryOperator.Equal,
            } comparison)
        {
            throw Misplaced(contract.Position);
        }

        Expression left = expressions.Bind(comparison.Left);
        Expression right = expressions.Bind(comparison.Right);
        (PredictionExpression said, Expression label) = (left, right) switch
        {
            (PredictionExpression first, _) => (first, right),
            (_, PredictionExpression second) => (second, left),
            _ => throw Misplaced(contract.Position),
        };
        if (said.Kind != PredictionKind.Value
            || said.Inputs.Model.Info.Task != ModelTask.Classifier || !label.IsRowIndependent)
        {
            throw Misplaced(contract.Position);
        }

        label = Coercion.To(label, said.Type, comparison.Right.Position);
        if (label.Type.Physical != said.Type.Physical)
        {
            throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                $"{said.Inputs.Model.Name} says values of {said.Type}, and {label} is "
                + $"{label.Type}.",
                comparison.Right.Position);
        }

        var probability = new PredictionExpression(
            PredictionKind.BestProbability, DataType.Double, said.Inputs, null)
        {
            Target = said.Target,
        };
        return new ContractExpression(
            said.Inputs,
            said.Target,
            [said, probability, label, .. said.Inputs.Values],
            contract.Precision,
            contract.Confidence);
    }

    private static void Check(double share, string word, SourcePosition position)
    {
        if (!(share > 0 && share < 1))
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                $"{word} lies between 0 and 1, such as 0.9, not {share}.",
                position);
        }
    }

    private static NeuroStoreException Misplaced(SourcePosition position) => new(
        ErrorCode.MisplacedExpression,
        "WITH PRECISION stands behind a comparison of what a classifier says with one label: "
        + "predict(m USING *) = 'label' WITH PRECISION >= .9.",
        position);
}
