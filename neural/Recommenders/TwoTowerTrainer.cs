using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Trains towers: an item that a user chose against some that the user did not choose, by the cross
/// entropy of their scores. One thread, so equal seeds give equal bits.
/// </summary>
/// <remarks>
/// Loss of a choice: -log softmax of its score among itself and the negatives, drawn evenly
/// (Jean et al., ACL 2015). The item itself is left out of the history that it is compared with,
/// or it would be found by itself (FISM, section 4). A row is updated by its own rate, lr over the
/// root of the sum of mean squares of its gradients (Duchi et al., JMLR 12, 2011, by rows). The
/// vectors of a user and of the history change after all choices of the user.
/// </remarks>
internal sealed class TwoTowerTrainer
{
    private const float Least = 1e-8f;
    private const float FirstSize = 0.1f;
    private const int DrawsMax = 8;

    private readonly IReadOnlyList<int[]> _chosen;
    private readonly TwoTowerOptions _options;
    private readonly int _width;
    private readonly int _items;
    private readonly Tensor[] _tensors;
    private readonly float[][] _squares;
    private readonly SeededRandomSource _random;
    private readonly float[] _vector;
    private readonly float[] _sum;
    private readonly float[] _total;
    private readonly float[] _step;
    private readonly int[] _drawn;
    private readonly float[] _scores;

    /// <summary>A trainer of choices.</summary>
    /// <param name="chosen">The numbers of the items that each user chose, each once.</param>
    /// <param name="items">How many items there are.</param>
    /// <param name="options">How they are trained.</param>
    public TwoTowerTrainer(IReadOnlyList<int[]> chosen, int items, TwoTowerOptions options)
    {
        _chosen = chosen;
        _options = options;
        _items = items;
        _width = options.Dimension;
        _random = new SeededRandomSource(options.Seed);
        _tensors =
        [
            Tensor.Create("users", chosen.Count, _width),
            Tensor.Create("items", items, _width),
            Tensor.Create("history", items, _width),
            Tensor.Create("bias", items),
            Tensor.Create("counts", items),
        ];
        _squares = [.. _tensors.Select(static it => new float[it.Shape[0]])];
        float size = FirstSize / MathF.Sqrt(_width);
        for (int tensor = 1; tensor <= 2; tensor++)
        {
            Span<float> data = _tensors[tensor].Data.Span;
            for (int i = 0; i < data.Length; i++)
            {
                data[i] = size * RandomSign.Of(options.Seed + (ulong)tensor, i);
            }
        }

        foreach (int item in chosen.SelectMany(static it => it))
        {
            _tensors[4].Data.Span[item]++;
        }

        _vector = new float[_width];
        _sum = new float[_width];
        _total = new float[_width];
        _step = new float[_width];
        _drawn = new int[options.Negatives + 1];
        _scores = new float[_drawn.Length];
    }

    /// <summary>The towers as they are now; they change with the next pass.</summary>
    public TwoTowerModel Model => new(
        _tensors[0], _tensors[1], _tensors[2], _tensors[3], _tensors[4]);

    /// <summary>A copy of the towers.</summary>
    public TwoTowerModel Copy()
    {
        Tensor[] copies = [.. _tensors.Select(static it => it with
        {
            Data = AlignedMemory.Copy((ReadOnlySpan<float>)it.Data.Span),
        })];
        return new TwoTowerModel(copies[0], copies[1], copies[2], copies[3], copies[4]);
    }

    /// <summary>A pass over all users in a new order; gives the mean loss of a choice.</summary>
    public double RunPass(CancellationToken cancellationToken)
    {
        int[] order = [.. Enumerable.Range(0, _chosen.Count)];
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = Draw(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        double loss = 0;
        long count = 0;
        foreach (int user in order)
        {
            cancellationToken.ThrowIfCancellationRequested();
            loss += Learn(user);
            count += _chosen[user].Length;
        }

        return count == 0 ? 0 : loss / count;
    }

    private int Draw(int count) =>
        (int)Math.BigMul(_random.NextUInt64(), (ulong)count, out _);

    private double Learn(int user)
    {
        int[] history = _chosen[user];
        var known = new HashSet<int>(history);
        float scale = history.Length > 1 ? 1 / MathF.Sqrt(history.Length - 1) : 0;
        _sum.AsSpan().Clear();
        foreach (int item in history)
        {
            VectorArithmetic.AddScaled(Row(2, item), 1, _sum);
        }

        var gradients = new float[history.Length * _width];
        _total.AsSpan().Clear();
        double loss = 0;
        for (int i = 0; i < history.Length; i++)
        {
            Row(0, user).CopyTo(_vector);
            VectorArithmetic.AddScaled(_sum, scale, _vector);
            VectorArithmetic.AddScaled(Row(2, history[i]), -scale, _vector);
            Span<float> gradient = gradients.AsSpan(i * _width, _width);
            loss += Compare(history[i], known, gradient);
            VectorArithmetic.AddScaled(gradient, 1, _total);
        }

        Update(0, user, _total);
        for (int i = 0; i < history.Length && scale > 0; i++)
        {
            for (int k = 0; k < _width; k++)
            {
                _step[k] = scale * (_total[k] - gradients[(i * _width) + k]);
            }

            Update(2, history[i], _step);
        }

        return loss;
    }

    // One choice against negatives; fills the gradient of the user's vector.
    private double Compare(int chosen, HashSet<int> known, Span<float> gradient)
    {
        _drawn[0] = chosen;
        for (int i = 1; i < _drawn.Length; i++)
        {
            int item = Draw(_items);
            for (int draw = 1; known.Contains(item) && draw < DrawsMax; draw++)
            {
                item = Draw(_items);
            }

            _drawn[i] = item;
        }

        float most = float.NegativeInfinity;
        for (int i = 0; i < _drawn.Length; i++)
        {
            _scores[i] = (float)VectorArithmetic.Dot(Row(1, _drawn[i]), _vector)
                + _tensors[3].Data.Span[_drawn[i]];
            most = Math.Max(most, _scores[i]);
        }

        double sum = 0;
        for (int i = 0; i < _drawn.Length; i++)
        {
            sum += Math.Exp(_scores[i] - most);
        }

        double loss = Math.Log(sum) + most - _scores[0];
        gradient.Clear();
        for (int i = 0; i < _drawn.Length; i++)
        {
            float slope = (float)(Math.Exp(_scores[i] - most) / sum) - (i == 0 ? 1 : 0);
            if (known.Contains(_drawn[i]) && i > 0)
            {
                continue;
            }

            VectorArithmetic.AddScaled(Row(1, _drawn[i]), slope, gradient);
            for (int k = 0; k < _width; k++)
            {
                _step[k] = slope * _vector[k];
            }

            Update(1, _drawn[i], _step);
            UpdateBias(_drawn[i], slope);
        }

        return loss;
    }

    private void Update(int tensor, int row, ReadOnlySpan<float> gradient)
    {
        Span<float> values = _tensors[tensor].Data.Span.Slice(row * _width, _width);
        var decay = (float)_options.WeightDecay;
        float squares = 0;
        for (int k = 0; k < _width; k++)
        {
            float slope = gradient[k] + (decay * values[k]);
            squares += slope * slope;
        }

        ref float known = ref _squares[tensor][row];
        known += squares / _width;
        float rate = (float)_options.LearningRate / (MathF.Sqrt(known) + Least);
        for (int k = 0; k < _width; k++)
        {
            values[k] -= rate * (gradient[k] + (decay * values[k]));
        }
    }

    private void UpdateBias(int item, float slope)
    {
        ref float known = ref _squares[3][item];
        known += slope * slope;
        _tensors[3].Data.Span[item] -=
            (float)_options.LearningRate * slope / (MathF.Sqrt(known) + Least);
    }

    private Span<float> Row(int tensor, int row) =>
        _tensors[tensor].Data.Span.Slice(row * _width, _width);
}
