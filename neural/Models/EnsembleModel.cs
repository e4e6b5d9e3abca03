using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>
/// Models of the same target, whose outputs are averaged with weights. Numbers are brought back to
/// the unit of the column at the end.
/// </summary>
/// <remarks>y = mean + deviation * sum of w_m y_m; w are not negative and add up to 1.</remarks>
internal sealed class EnsembleModel : Model
{
    /// <summary>What model files call it.</summary>
    public const string EnsembleKind = "ensemble";

    private const float Tolerance = 1e-3f;

    private readonly GroupModel _group;
    private readonly float[] _weights;
    private readonly Tensor _weightTensor;
    private readonly Tensor _scaleTensor;

    /// <summary>An ensemble of models with as many outputs each.</summary>
    public EnsembleModel(
        IReadOnlyList<Model> members, float[] weights, double mean = 0, double deviation = 1)
    {
        Invariant.Check(members.Count == weights.Length
            && members.All(it => it.OutputCount == members[0].OutputCount));
        _group = new GroupModel(members);
        _weights = weights;
        _weightTensor = new Tensor("weights", [weights.Length], weights);
        _scaleTensor = new Tensor("scale", [2], new[] { (float)mean, (float)deviation });
    }

    /// <summary>The members.</summary>
    public IReadOnlyList<Model> Members => _group.Members;

    /// <summary>How much each of them counts.</summary>
    public IReadOnlyList<float> Weights => _weights;

    /// <summary>What is added to the average of numbers.</summary>
    public float Mean => _scaleTensor.Data.Span[0];

    /// <summary>What the average of numbers is multiplied by before.</summary>
    public float Deviation => _scaleTensor.Data.Span[1];

    /// <inheritdoc/>
    public override string Kind => EnsembleKind;

    /// <summary>A line for each member, as in a group.</summary>
    public override string Architecture => _group.Architecture;

    /// <inheritdoc/>
    public override ModelTask Task => _group.Task;

    /// <inheritdoc/>
    public override int FeatureCount => _group.FeatureCount;

    /// <inheritdoc/>
    public override int OutputCount => Members[0].OutputCount;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors =>
        [.. _group.Tensors, _weightTensor, _scaleTensor];

    /// <inheritdoc/>
    public override long FlopPerRow => _group.FlopPerRow;

    /// <summary>The same with numbers of another unit.</summary>
    public EnsembleModel With(double mean, double deviation) =>
        new(Members, _weights, mean, deviation);

    /// <summary>The ensemble of a header.</summary>
    public static EnsembleModel FromTensors(
        ModelHeader header,
        Dictionary<string, Tensor> tensors,
        Func<ModelHeader, Dictionary<string, Tensor>, Model> restore)
    {
        GroupModel group = GroupModel.FromTensors(header, tensors, restore);
        float[] weights = tensors["weights"].Data.ToArray();
        float[] scale = tensors["scale"].Data.ToArray();
        bool fits = weights.Length == group.Members.Count && scale.Length == 2
            && group.Members.All(it => it.OutputCount == group.Members[0].OutputCount)
            && Array.TrueForAll(weights, static it => it >= 0)
            && Math.Abs(weights.Sum() - 1) < Tolerance
            && float.IsFinite(scale[0]) && scale[1] > 0 && float.IsFinite(scale[1]);
        return fits
            ? new EnsembleModel(group.Members, weights, scale[0], scale[1])
            : throw NeuralErrors.MalformedModel("the weights of an ensemble do not fit");
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlyMemory<float> features, int count, Span<float> outputs)
    {
        int length = count * OutputCount;
        var own = new float[length];
        outputs = outputs[..length];
        outputs.Clear();
        for (int member = 0; member < _weights.Length; member++)
        {
            if (_weights[member] > 0)
            {
                Members[member].Predict(features, count, own);
                VectorArithmetic.AddScaled(own, _weights[member], outputs);
            }
        }

        (float mean, float deviation) = (_scaleTensor.Data.Span[0], _scaleTensor.Data.Span[1]);
        if (mean != 0 || deviation != 1)
        {
            for (int i = 0; i < length; i++)
            {
                outputs[i] = mean + (deviation * outputs[i]);
            }
        }
    }

    /// <summary>What each member is and how much it counts.</summary>
    public override string ToString() => string.Join(", ", Members.Select((member, i) =>
        string.Create(
            CultureInfo.InvariantCulture, $"{_weights[i]:0.###} of {member.Architecture}")));
}
