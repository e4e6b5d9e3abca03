using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>
/// How features are changed to make a network err: by one step along the sign of the gradient of
/// the loss (fgsm: Goodfellow et al., ICLR 2015, section 4), or by several with a projection back
/// (pgd: Madry et al., ICLR 2018, section 2).
/// </summary>
/// <param name="Epsilon">The farthest that a feature is moved, in units of the network.</param>
/// <param name="Steps">Steps; 1 for fgsm.</param>
internal sealed record AttackSpec(double Epsilon, int Steps)
{
    private const double EpsilonUsual = 0.1;
    private const int StepsUsual = 10;
    private const int StepsMax = 1000;
    private const string Fast = "fgsm";
    private const string Projected = "pgd";

    /// <summary>The length of a step.</summary>
    public double StepLength => Steps == 1 ? Epsilon : 2.5 * Epsilon / Steps;

    /// <summary>The attack of a text: <c>fgsm</c>, <c>fgsm(.1)</c>, <c>pgd(.1, 10)</c>.</summary>
    public static AttackSpec Parse(string text)
    {
        IReadOnlyList<LayerSpec> specs = LayerTextParser.Parse(text);
        IReadOnlyList<LayerArgument> arguments = specs is [var only] ? only.Arguments : [];
        return specs.Count == 1 && arguments.Count <= 2
            ? Of(
                specs[0].Name,
                arguments.Count > 0 ? arguments[0].Number : null,
                arguments.Count > 1 ? arguments[1].Number : null)
            : throw NeuralErrors.InvalidModel(
                $"An attack is fgsm(epsilon) or pgd(epsilon, steps), not {text}.");
    }

    /// <summary>The attack of a name; null for what is not said.</summary>
    public static AttackSpec Of(string name, double? epsilon, double? steps)
    {
        if (!Equals(name, Fast) && !Equals(name, Projected))
        {
            throw NeuralErrors.UnknownName("attack", name, [Fast, Projected]);
        }

        double count = Equals(name, Fast) ? 1 : steps ?? StepsUsual;
        double far = epsilon ?? EpsilonUsual;
        return far is > 0 and <= 1e6 && count is >= 1 and <= StepsMax && count % 1 == 0
            && (steps is null || Equals(name, Projected))
            ? new AttackSpec(far, (int)count)
            : throw NeuralErrors.InvalidModel(
                $"An attack moves features by an epsilon above 0, and pgd by 1 to {StepsMax} "
                + "steps.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Steps == 1 ? $"{Fast}({Epsilon})" : $"{Projected}({Epsilon}, {Steps})")}");

    private static bool Equals(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
