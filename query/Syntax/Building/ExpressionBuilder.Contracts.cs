using System.Globalization;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>How sure an answer of a model has to be.</summary>
internal sealed partial class ExpressionBuilder
{
    private const double ConfidenceUsual = 0.95;

    private static ContractExpressionSyntax BuildContract(
        ExpressionSyntax comparison, NeuroSql.ContractContext context)
    {
        double[] numbers =
        [
            .. context.children
                .Where(static item => BuilderScope.TypeOf(item) is NeuroSql.INTEGER_NUMBER
                    or NeuroSql.DECIMAL_NUMBER or NeuroSql.DOUBLE_NUMBER)
                .Select(static item => double.Parse(
                    BuilderScope.TokenOf(item).Span,
                    NumberStyles.Float,
                    CultureInfo.InvariantCulture)),
        ];
        if (context.IDENTIFIER() is { } word
            && !ModelBuilder.Is(BuilderScope.TokenOf(word), "CONFIDENCE"))
        {
            throw SyntaxErrors.Expected(BuilderScope.TokenOf(word), "CONFIDENCE");
        }

        return new ContractExpressionSyntax(
            comparison, numbers[0], numbers.Length > 1 ? numbers[1] : ConfidenceUsual);
    }
}
