using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Vectors of units such that two texts that belong together are nearer to each other than to the
/// other texts of a batch (van den Oord et al., "Representation Learning with Contrastive
/// Predictive Coding", 2018, equation 4; both directions as in Radford et al., ICML 2021, figure
/// 3). Equal seeds give equal bits on any number of threads.
/// </summary>
/// <remarks>
/// A text is e = s / |s| with s = sum w_i r_i, as in <see cref="BagModel"/>. The loss of a batch of
/// n pairs is the mean of -log softmax(E F^T / t) on the diagonal, over rows and over columns.
/// Texts that equal the right one are no wrong ones. Rows r begin as random signs, which makes the
/// untrained model compare texts by the units that they share. A row is updated by its own rate,
/// lr / sqrt(sum of mean squares of its gradients) (Duchi et al., JMLR 12, 2011, by rows).
/// </remarks>
internal sealed class ContrastiveTrainer
{
    private const int PieceRows = 16;
    private const int PieceUnits = 64;
    private const float Least = 1e-12f;

    private readonly SparseMatrix[] _texts;
    private readonly ulong[][] _hashes;
    private readonly int _width;
    private readonly float _temperature;
    private readonly double _keep;
    private readonly TrainingOptions _options;
    private readonly IWorkers _workers;
    private readonly Memory<float> _rows;
    private readonly float[] _squares;
    private readonly int[] _heads;
    private readonly List<int> _touched = [];
    private readonly List<(int Unit, int Text, float Weight, int Next)> _entries = [];

    /// <summary>A trainer of pairs.</summary>
    /// <param name="first">(pairs, units).</param>
    /// <param name="second">(pairs, units).</param>
    /// <param name="width">The length of the vectors.</param>
    /// <param name="temperature">What similarities are divided by.</param>
    /// <param name="keep">The share of units that a step keeps of each text.</param>
    /// <param name="options">Seed, passes, size of batches, learning rate.</param>
    /// <param name="workers">The threads.</param>
    public ContrastiveTrainer(
        SparseMatrix first,
        SparseMatrix second,
        int width,
        double temperature,
        double keep,
        TrainingOptions options,
        IWorkers workers)
    {
        Invariant.Check(first.RowCount == second.RowCount);
        Invariant.Check(first.ColumnCount == second.ColumnCount);
        _texts = [first, second];
        _hashes = [HashesOf(first), HashesOf(second)];
        _width = width;
        _temperature = (float)temperature;
        _keep = keep;
        _options = options;
        _workers = workers;
        int units = first.ColumnCount;
        _rows = AlignedMemory.Allocate<float>(checked(units * width));
        float scale = 1 / MathF.Sqrt(width);
        for (int i = 0; i < _rows.Length; i++)
        {
            _rows.Span[i] = scale * RandomSign.Of(options.Seed, i);
        }

        options.InitialWeights.CopyTo(_rows);

        _squares = new float[units];
        _heads = new int[units];
    }

    /// <summary>The vectors of units, (units, width).</summary>
    public Memory<float> Rows => _rows;

    /// <summary>A pass over all pairs in a new order; gives the mean loss of a pair.</summary>
    public double RunPass(int pass, CancellationToken cancellationToken)
    {
        int count = _texts[0].RowCount;
        int[] order = [.. Enumerable.Range(0, count)];
        ulong state = Hash64.Mix(_options.Seed ^ ((ulong)pass << 32));
        for (int i = count - 1; i > 0; i--)
        {
            state = Hash64.Mix(state);
            int j = (int)(state % (ulong)(i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }

        double loss = 0;
        for (int at = 0; at < count; at += _options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int size = Math.Min(_options.BatchSize, count - at);
            loss += size > 1 ? Step(order.AsMemory(at, size), pass) : 0;
        }

        return loss / count;
    }

    private static ulong[] HashesOf(SparseMatrix texts)
    {
        var hashes = new ulong[texts.RowCount];
        for (int row = 0; row < hashes.Length; row++)
        {
            ulong hash = 1;
            foreach (int column in texts.Columns(row))
            {
                hash = Hash64.Combine(hash, (ulong)column);
            }

            hashes[row] = hash;
        }

        return hashes;
    }

    private double Step(ReadOnlyMemory<int> batch, int pass)
    {
        int count = batch.Length;
        var vectors = new float[2][];
        var norms = new float[2][];
        for (int side = 0; side < 2; side++)
        {
            vectors[side] = new float[count * _width];
            norms[side] = new float[count];
            Encode(side, batch, pass, vectors[side], norms[side]);
        }

        var toFirst = new float[count * count];
        var toSecond = new float[count * count];
        double loss = Compare(batch, vectors, toFirst, toSecond);
        var gradients = new float[2][];
        for (int side = 0; side < 2; side++)
        {
            gradients[side] = new float[count * _width];
            Gradients(side, count, vectors, norms, toFirst, toSecond, gradients[side]);
        }

        Update(batch, pass, gradients, count);
        return loss;
    }

    private bool IsKept(int side, int row, int unit, int pass) => _keep >= 1
        || (Hash64.Mix(Hash64.Mix(_options.Seed ^ ((ulong)row << 24) ^ ((ulong)unit << 3)
            ^ ((ulong)pass << 52) ^ (ulong)side)) >> 11) * (1.0 / (1UL << 53)) < _keep;

    private void Encode(
        int side, ReadOnlyMemory<int> batch, int pass, float[] vectors, float[] norms)
    {
        int pieces = (batch.Length + PieceRows - 1) / PieceRows;
        _workers.ForEach(pieces, piece =>
        {
            ReadOnlySpan<float> rows = _rows.Span;
            int end = Math.Min(batch.Length, (piece + 1) * PieceRows);
            for (int i = piece * PieceRows; i < end; i++)
            {
                int row = batch.Span[i];
                Span<float> vector = vectors.AsSpan(i * _width, _width);
                ReadOnlySpan<int> units = _texts[side].Columns(row);
                ReadOnlySpan<float> weights = _texts[side].Values(row);
                for (int u = 0; u < units.Length; u++)
                {
                    if (IsKept(side, row, units[u], pass))
                    {
                        VectorArithmetic.AddScaled(
                            rows.Slice(units[u] * _width, _width), weights[u], vector);
                    }
                }

                norms[i] = (float)Math.Sqrt(VectorArithmetic.SquaredNorm(vector));
                VectorArithmetic.Normalize(vector);
            }
        });
    }

    /// <summary>
    /// The loss, and its gradients with respect to the similarities: of rows into one matrix, of
    /// columns, transposed, into the other.
    /// </summary>
    private double Compare(
        ReadOnlyMemory<int> batch, float[][] vectors, float[] byRows, float[] byColumns)
    {
        int count = batch.Length;
        int pieces = (count + PieceRows - 1) / PieceRows;
        var losses = new double[2 * pieces];
        _workers.ForEach(2 * pieces, task =>
        {
            int side = task / pieces;
            float[] target = side == 0 ? byRows : byColumns;
            int start = task % pieces * PieceRows;
            int rows = Math.Min(PieceRows, count - start);
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.TransposedB, rows, count, _width),
                vectors[side].AsSpan(start * _width, rows * _width),
                vectors[1 - side],
                target.AsSpan(start * count, rows * count));
            for (int i = start; i < start + rows; i++)
            {
                losses[task] += Softmax(batch.Span, side, i, target.AsSpan(i * count, count));
            }
        });
        return losses.Sum() / 2;
    }

    // Turns similarities of a row into the gradient of its loss with respect to them.
    private double Softmax(ReadOnlySpan<int> batch, int side, int row, Span<float> similarities)
    {
        ulong right = _hashes[1 - side][batch[row]];
        ulong own = _hashes[side][batch[row]];
        float largest = float.NegativeInfinity;
        for (int j = 0; j < similarities.Length; j++)
        {
            bool isWrong = j != row && (_hashes[1 - side][batch[j]] == right
                || _hashes[side][batch[j]] == own);
            similarities[j] = isWrong
                ? float.NegativeInfinity : similarities[j] / _temperature;
            largest = Math.Max(largest, similarities[j]);
        }

        double sum = 0;
        double logit = similarities[row] - largest;
        for (int j = 0; j < similarities.Length; j++)
        {
            similarities[j] = MathF.Exp(similarities[j] - largest);
            sum += similarities[j];
        }

        float scale = (float)(1 / sum) / (2 * batch.Length * _temperature);
        VectorArithmetic.Scale(similarities, scale);
        similarities[row] -= 1f / (2 * batch.Length * _temperature);
        return Math.Log(sum) - logit;
    }

    // dL/dE = (P + Q^T) F, brought through e = s / |s|: (g - (g e) e) / |s|.
    private void Gradients(
        int side,
        int count,
        float[][] vectors,
        float[][] norms,
        float[] byRows,
        float[] byColumns,
        float[] result)
    {
        float[] own = side == 0 ? byRows : byColumns;
        float[] other = side == 0 ? byColumns : byRows;
        int pieces = (count + PieceRows - 1) / PieceRows;
        _workers.ForEach(pieces, piece =>
        {
            int start = piece * PieceRows;
            int rows = Math.Min(PieceRows, count - start);
            var weights = new float[rows * count];
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < count; j++)
                {
                    weights[(i * count) + j] =
                        own[((start + i) * count) + j] + other[(j * count) + start + i];
                }
            }

            Span<float> target = result.AsSpan(start * _width, rows * _width);
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.Plain, rows, _width, count),
                weights,
                vectors[1 - side],
                target);
            for (int i = 0; i < rows; i++)
            {
                Span<float> gradient = target.Slice(i * _width, _width);
                ReadOnlySpan<float> vector =
                    vectors[side].AsSpan((start + i) * _width, _width);
                float along = (float)VectorArithmetic.Dot(gradient, vector);
                VectorArithmetic.AddScaled(vector, -along, gradient);
                float norm = norms[side][start + i];
                VectorArithmetic.Scale(gradient, norm > 0 ? 1 / norm : 0);
            }
        });
    }

    /// <summary>Each unit is updated by one thread, in the order of the texts.</summary>
    private void Update(
        ReadOnlyMemory<int> batch, int pass, float[][] gradients, int count)
    {
        _entries.Clear();
        _touched.Clear();
        for (int side = 1; side >= 0; side--)
        {
            for (int i = count - 1; i >= 0; i--)
            {
                int row = batch.Span[i];
                ReadOnlySpan<int> units = _texts[side].Columns(row);
                ReadOnlySpan<float> weights = _texts[side].Values(row);
                for (int u = 0; u < units.Length; u++)
                {
                    int unit = units[u];
                    if (!IsKept(side, row, unit, pass))
                    {
                        continue;
                    }

                    if (_heads[unit] == 0)
                    {
                        _touched.Add(unit);
                    }

                    _entries.Add((unit, (side * count) + i, weights[u], _heads[unit]));
                    _heads[unit] = _entries.Count;
                }
            }
        }

        int pieces = (_touched.Count + PieceUnits - 1) / PieceUnits;
        _workers.ForEach(pieces, piece =>
        {
            var sum = new float[_width];
            int end = Math.Min(_touched.Count, (piece + 1) * PieceUnits);
            for (int i = piece * PieceUnits; i < end; i++)
            {
                Update(_touched[i], gradients, count, sum);
            }
        });
    }

    private void Update(int unit, float[][] gradients, int count, float[] sum)
    {
        sum.AsSpan().Clear();
        for (int at = _heads[unit]; at > 0;)
        {
            (_, int text, float weight, at) = _entries[at - 1];
            Span<float> gradient =
                gradients[text / count].AsSpan(text % count * _width, _width);
            VectorArithmetic.AddScaled(gradient, weight, sum);
        }

        _heads[unit] = 0;
        _squares[unit] += (float)(VectorArithmetic.SquaredNorm(sum) / _width);
        float rate = (float)_options.LearningRate / MathF.Sqrt(_squares[unit] + Least);
        VectorArithmetic.AddScaled(sum, -rate, _rows.Span.Slice(unit * _width, _width));
    }
}
