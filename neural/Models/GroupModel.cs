using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>
/// Models of the same features side by side, one for each of several targets: the outputs of a row
/// are those of the first, then those of the second, and so on.
/// </summary>
internal sealed class GroupModel : Model
{
    /// <summary>What model files call it.</summary>
    public const string GroupKind = "group";

    private const int MembersMax = 1 << 12;
    private const int PartCount = 7;

    /// <summary>A group of at least one model of one task.</summary>
    public GroupModel(IReadOnlyList<Model> members)
    {
        Invariant.Check(members.Count > 0 && members.All(
            it => it.Task == members[0].Task && it.FeatureCount == members[0].FeatureCount));
        Members = members;
        Task = members[0].Task;
        FeatureCount = members[0].FeatureCount;
        OutputCount = members.Sum(static it => it.OutputCount);
        Architecture = string.Join('\n', members.Select(TextOf));
        Tensors = [.. members.SelectMany(static (member, i) => member.Tensors.Select(
            tensor => tensor with { Name = PrefixOf(i) + tensor.Name }))];
        Importance = members.All(it => it.Importance.Count == FeatureCount)
            ? [.. Enumerable.Range(0, FeatureCount).Select(
                feature => members.Average(it => it.Importance[feature]))]
            : [];
    }

    /// <summary>The models in the order of their outputs.</summary>
    public IReadOnlyList<Model> Members { get; }

    /// <inheritdoc/>
    public override string Kind => GroupKind;

    /// <summary>A line for each member: kind, task, loss, shape of a row, architecture.</summary>
    public override string Architecture { get; }

    /// <inheritdoc/>
    public override ModelTask Task { get; }

    /// <inheritdoc/>
    public override int FeatureCount { get; }

    /// <inheritdoc/>
    public override int OutputCount { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors { get; }

    /// <inheritdoc/>
    public override long FlopPerRow => Members.Sum(static it => it.FlopPerRow);

    /// <inheritdoc/>
    public override IReadOnlyList<double> Importance { get; }

    /// <inheritdoc/>
    public override void Predict(ReadOnlyMemory<float> features, int count, Span<float> outputs)
    {
        var own = new float[count * Members.Max(static it => it.OutputCount)];
        int offset = 0;
        foreach (Model member in Members)
        {
            int width = member.OutputCount;
            member.Predict(features, count, own.AsSpan(0, count * width));
            for (int row = 0; row < count; row++)
            {
                own.AsSpan(row * width, width)
                    .CopyTo(outputs[((row * OutputCount) + offset)..]);
            }

            offset += width;
        }
    }

    /// <summary>The group of a header, whose members are restored one by one.</summary>
    /// <param name="header">The header.</param>
    /// <param name="tensors">All tensors.</param>
    /// <param name="restore">The model of a header of its own and its own tensors.</param>
    public static GroupModel FromTensors(
        ModelHeader header,
        Dictionary<string, Tensor> tensors,
        Func<ModelHeader, Dictionary<string, Tensor>, Model> restore)
    {
        string[] lines = header.Architecture.Split('\n');
        if (lines.Length > MembersMax)
        {
            throw NeuralErrors.MalformedModel($"a group of {lines.Length} models is too large");
        }

        var members = new Model[lines.Length];
        for (int i = 0; i < members.Length; i++)
        {
            string prefix = PrefixOf(i);
            members[i] = restore(
                HeaderOf(header, lines[i]),
                tensors.Where(it => it.Key.StartsWith(prefix, StringComparison.Ordinal))
                    .ToDictionary(it => it.Key[prefix.Length..], static it => it.Value));
        }

        return members.All(it => it.Task == header.Task && it.FeatureCount == header.FeatureCount)
            ? new GroupModel(members)
            : throw NeuralErrors.MalformedModel("the models of a group do not fit each other");
    }

    private static string PrefixOf(int member) =>
        member.ToString(CultureInfo.InvariantCulture) + "/";

    private static string TextOf(Model model)
    {
        var network = model as NetworkModel;
        TensorShape input = network?.Network.Input ?? TensorShape.Flat(model.FeatureCount);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Kind} {model.Task} {network?.Loss ?? 0} {input.Height} {input.Width} "
            + $"{input.Channels} {model.Architecture}");
    }

    private static ModelHeader HeaderOf(ModelHeader group, string line)
    {
        string[] parts = line.Split(' ', PartCount);
        return parts.Length == PartCount
            && parts[0] is not (GroupKind or EnsembleModel.EnsembleKind)
            && Enum.TryParse(parts[1], out ModelTask task) && Enum.IsDefined(task)
            && Enum.TryParse(parts[2], out LossKind loss) && Enum.IsDefined(loss)
            && Size(parts[3], 1 << 14) is int height
            && Size(parts[4], 1 << 20) is int width
            && Size(parts[5], 1 << 26) is int channels
                ? group with
                {
                    Kind = parts[0],
                    Task = task,
                    Loss = loss,
                    Input = new TensorShape(height, width, channels),
                    Architecture = parts[6],
                }
                : throw NeuralErrors.MalformedModel("a model of a group is not described");
    }

    private static int? Size(string text, int most) => int.TryParse(
        text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size <= most
            ? size : null;
}
