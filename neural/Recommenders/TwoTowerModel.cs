namespace NeuroDb.Neural;

/// <summary>
/// Users and items as vectors of one space: the nearer, the better an item suits a user. A user is
/// a vector of the own and those of what the user chose; so somebody who came after the training
/// has one too.
/// </summary>
/// <remarks>
/// s(u, i) = x_u . q_i + b_i with x_u = p_u + sum over the history of y_j / sqrt(n) (Koren, KDD
/// 2008, equation 15; Kabbur, Ning and Karypis, FISM, KDD 2013). Tensors: users p (users, dim),
/// items q (items, dim), history y (items, dim), bias b (items), counts (items).
/// </remarks>
internal sealed class TwoTowerModel : Model
{
    /// <summary>What model files call it.</summary>
    public const string TowerKind = "two_tower";

    private readonly Tensor _users;
    private readonly Tensor _items;
    private readonly Tensor _history;
    private readonly Tensor _bias;
    private readonly Tensor _counts;

    /// <summary>A model of its vectors.</summary>
    public TwoTowerModel(Tensor users, Tensor items, Tensor history, Tensor bias, Tensor counts)
    {
        _users = users;
        _items = items;
        _history = history;
        _bias = bias;
        _counts = counts;
    }

    /// <inheritdoc/>
    public override string Kind => TowerKind;

    /// <inheritdoc/>
    public override string Architecture => $"two_tower({LayerNames.Number(Dimension)})";

    /// <inheritdoc/>
    public override ModelTask Task => ModelTask.Recommender;

    /// <summary>The numbers of a user and of an item.</summary>
    public override int FeatureCount => 2;

    /// <inheritdoc/>
    public override int OutputCount => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => [_users, _items, _history, _bias, _counts];

    /// <inheritdoc/>
    public override long FlopPerRow => 2L * Dimension;

    /// <summary>The length of the vectors.</summary>
    public int Dimension => _items.Shape[1];

    /// <summary>How many users trained.</summary>
    public int UserCount => _users.Shape[0];

    /// <summary>How many items trained.</summary>
    public int ItemCount => _items.Shape[0];

    /// <summary>How many users chose each item, of those that trained.</summary>
    public ReadOnlySpan<float> Counts => _counts.Data.Span;

    /// <summary>The model whose <see cref="Tensors"/> these are.</summary>
    public static TwoTowerModel FromTensors(IReadOnlyDictionary<string, Tensor> tensors)
    {
        Tensor items = tensors["items"];
        int count = items.Shape.Count == 2 ? items.Shape[0] : 0;
        bool fits = count > 0 && items.Shape[1] > 0
            && tensors["users"].Shape is [_, var width] && width == items.Shape[1]
            && tensors["history"].Shape.SequenceEqual(items.Shape)
            && tensors["bias"].Shape is [var biased] && biased == count
            && tensors["counts"].Shape is [var counted] && counted == count;
        return fits
            ? new TwoTowerModel(
                tensors["users"], items, tensors["history"], tensors["bias"], tensors["counts"])
            : throw NeuralErrors.MalformedModel("its towers do not fit each other");
    }

    /// <summary>The vector of a user.</summary>
    /// <param name="user">The number; -1 for one that did not train.</param>
    /// <param name="history">The numbers of the items that the user chose.</param>
    /// <param name="vector">Receives it.</param>
    public void FillUser(int user, ReadOnlySpan<int> history, Span<float> vector)
    {
        vector.Clear();
        float scale = history.Length == 0 ? 0 : 1 / MathF.Sqrt(history.Length);
        foreach (int item in history)
        {
            VectorArithmetic.AddScaled(Row(_history, item), scale, vector);
        }

        if (user >= 0)
        {
            VectorArithmetic.AddScaled(Row(_users, user), 1, vector);
        }
    }

    /// <summary>The score of every item for the vector of a user.</summary>
    public void Score(ReadOnlySpan<float> vector, Span<float> scores)
    {
        for (int item = 0; item < ItemCount; item++)
        {
            scores[item] = (float)VectorArithmetic.Dot(Row(_items, item), vector)
                + _bias.Data.Span[item];
        }
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlyMemory<float> features, int count, Span<float> outputs)
    {
        var vector = new float[Dimension];
        for (int i = 0; i < count; i++)
        {
            int item = (int)features.Span[(2 * i) + 1];
            FillUser((int)features.Span[2 * i], [], vector);
            outputs[i] = (float)VectorArithmetic.Dot(Row(_items, item), vector)
                + _bias.Data.Span[item];
        }
    }

    private static ReadOnlySpan<float> Row(Tensor tensor, int row) =>
        tensor.Data.Span.Slice(row * tensor.Shape[1], tensor.Shape[1]);
}
