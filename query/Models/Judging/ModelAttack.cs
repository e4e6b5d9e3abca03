using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// ATTACK of EVALUATE MODEL: the rows that judge are changed, within epsilon of what they are, so
/// that the model errs, and judge it again.
/// </summary>
internal sealed class ModelAttack
{
    private readonly AttackSpec _spec;

    private ModelAttack(AttackSpec spec) => _spec = spec;

    /// <summary>What it is called beside the part of the rows.</summary>
    public string Name => _spec.ToString();

    /// <summary>The attack of a clause.</summary>
    public static ModelAttack Of(ModelAttackSyntax syntax)
    {
        double? epsilon = null;
        double? steps = null;
        foreach (OptionSyntax option in syntax.Options)
        {
            string name = option.Name.Name.ToLowerInvariant();
            string text = ModelOptions.TextOf(option.Value, name, option.Position);
            double number = double.TryParse(
                text, NumberStyles.Float, CultureInfo.InvariantCulture, out double given)
                ? given
                : throw SyntaxErrors.At(option.Position, $"{name} is a number, not {text}");
            switch (name)
            {
                case "epsilon":
                    epsilon = number;
                    break;
                case "steps":
                    steps = number;
                    break;
                default:
                    throw NeuralErrors.UnknownName(
                        "option of ATTACK", name, ["epsilon", "steps"]);
            }
        }

        return new ModelAttack(AttackSpec.Of(syntax.Method.Name, epsilon, steps));
    }

    /// <summary>
    /// Which features can be moved a little: numbers, vectors, images and sounds, not places of
    /// words and values.
    /// </summary>
    public static IReadOnlyList<bool> MovableOf(FeaturePipeline pipeline)
    {
        bool[] isMovable =
        [
            .. pipeline.Transforms.SelectMany(static transform => Enumerable.Repeat(
                transform.Spec.Kind is TransformKind.StandardScale or TransformKind.MinMax
                    or TransformKind.Identity or TransformKind.Image or TransformKind.LogMel,
                transform.Output.Length)),
        ];
        return isMovable.Contains(true) ? isMovable : throw NeuralErrors.InvalidModel(
            "The model reads no number, vector, image or sound, so nothing can be moved a "
            + "little.");
    }

    /// <summary>What changes rows of a version.</summary>
    /// <param name="version">The version.</param>
    /// <param name="rowsMax">The most rows at once.</param>
    public Action<Memory<float>, float[], int> Against(ModelVersion version, int rowsMax)
    {
        NetworkModel network = version.Model switch
        {
            NetworkModel known => known,
            QuantizedNetworkModel packed => packed.Restored,
            _ => throw NeuralErrors.InvalidModel(
                $"ATTACK follows the gradients of a network, and {version.Name} is a "
                + $"{version.Model.Kind} model."),
        };
        var adversary = new Adversary(
            network.Network,
            Loss.Create(network.Loss),
            _spec,
            MovableOf(version.Pipeline),
            rowsMax);
        return (features, targets, count) => adversary.Change(
            features, targets, count, network.Weights.Span, (ulong)version.Facts.Seed);
    }
}
