namespace NeuroDb.Neural;

/// <summary>
/// The transforms of a model, one after another: raw rows in, rows of numbers out, the same in
/// training and prediction.
/// </summary>
internal sealed class FeaturePipeline
{
    private readonly IReadOnlyList<FittedTransform> _transforms;
    private readonly int[] _columns;

    private FeaturePipeline(
        IReadOnlyList<FeatureColumn> columns, IReadOnlyList<FittedTransform> transforms)
    {
        Columns = columns;
        _transforms = transforms;
        _columns = [.. transforms.Select(
            it => columns.ToList().FindIndex(column => column.Name == it.Column.Name))];
    }

    /// <summary>The raw columns.</summary>
    public IReadOnlyList<FeatureColumn> Columns { get; }

    /// <summary>The transforms in order.</summary>
    public IReadOnlyList<FittedTransform> Transforms => _transforms;

    /// <summary>
    /// The shape of a row of numbers: an image or sequence if it is the only one.
    /// </summary>
    public TensorShape Output => _transforms.Count == 1
        ? _transforms[0].Output
        : TensorShape.Flat(_transforms.Sum(transform => transform.Output.Length));

    /// <summary>
    /// Learns from the rows of the training, which are read once, or twice where tokens are learned
    /// too: every column has the transform that was asked for, or the usual one.
    /// </summary>
    public static FeaturePipeline Fit(
        IReadOnlyList<FeatureColumn> columns,
        IReadOnlyList<TransformSpec> asked,
        IEnumerable<RawRows> training)
    {
        foreach (TransformSpec spec in asked)
        {
            if (!columns.Any(column => column.Name == spec.Column))
            {
                throw NeuralErrors.UnknownName(
                    "feature", spec.Column, columns.Select(column => column.Name));
            }
        }

        if (columns.Count == 0)
        {
            throw NeuralErrors.UntrainableData("There is no column to learn from.");
        }

        var transforms = new List<FittedTransform>();
        foreach (FeatureColumn column in columns)
        {
            TransformSpec[] own = [.. asked.Where(spec => spec.Column == column.Name)];
            if (own.Length == 0 && asked.Any(spec => spec.Partner?.Name == column.Name))
            {
                continue;
            }

            transforms.AddRange((own.Length > 0 ? own : [TransformSpec.Default(column)])
                .Select(spec => new FittedTransform(spec, column)));
        }

        var pipeline = new FeaturePipeline(columns, transforms);
        pipeline.LearnTokens(training);
        foreach (RawRows rows in training)
        {
            pipeline.Observe(rows);
        }

        transforms.ForEach(transform => transform.EndFit());
        return pipeline;
    }

    /// <summary>
    /// The transforms of several, one behind the other; a column that several read is the same.
    /// </summary>
    public static FeaturePipeline Join(IReadOnlyList<FeaturePipeline> pipelines)
    {
        FeatureColumn[] all = [.. pipelines.SelectMany(static it => it.Columns)];
        FeatureColumn[] columns = [.. all.DistinctBy(static column => column.Name)];
        FeatureColumn? other = all.FirstOrDefault(
            it => columns.First(column => column.Name == it.Name) != it);
        return other is null
            ? new FeaturePipeline(columns, [.. pipelines.SelectMany(static it => it._transforms)])
            : throw NeuralErrors.InvalidModel(
                $"The models read {other.Name} in two ways, as {other.Kind} of another shape or "
                + "kind; join models that read a column the same way.");
    }

    /// <summary>
    /// The same with the units of another column of texts behind those of its one column.
    /// </summary>
    public FeaturePipeline WithPartner(string column)
    {
        Invariant.Check(_transforms.Count == 1);
        FittedTransform other = _transforms[0].ForColumn(FeatureColumn.Text(column));
        return new FeaturePipeline([Columns[0], other.Column], [_transforms[0], other]);
    }

    /// <summary>
    /// Fills numbers (rows, outputs) and says of each row whether it could be turned into numbers;
    /// gives how many could. A row that could not is all zeros.
    /// </summary>
    public int Apply(RawRows rows, Span<float> numbers, Span<bool> isUsable)
    {
        int width = Output.Length;
        isUsable = isUsable[..rows.Count];
        isUsable.Fill(true);
        for (int i = 0, at = 0; i < _transforms.Count; i++)
        {
            _transforms[i].Apply(rows, _columns[i], numbers[at..], width, isUsable);
            at += _transforms[i].Output.Length;
        }

        int usable = isUsable.Count(true);
        for (int row = 0; row < rows.Count && usable < rows.Count; row++)
        {
            if (!isUsable[row])
            {
                numbers.Slice(row * width, width).Clear();
            }
        }

        return usable;
    }

    /// <summary>What an output number means.</summary>
    public string NameOf(int output)
    {
        foreach (FittedTransform transform in _transforms)
        {
            if (output < transform.Output.Length)
            {
                return transform.NameOf(output);
            }

            output -= transform.Output.Length;
        }

        throw new ArgumentOutOfRangeException(nameof(output));
    }

    internal void Write(ByteWriter writer)
    {
        writer.Number(_transforms.Count);
        foreach (FittedTransform transform in _transforms)
        {
            transform.Write(writer);
        }
    }

    internal static FeaturePipeline Read(ref ByteReader reader)
    {
        int count = reader.Count(Limits.ColumnCountMax);
        var transforms = new List<FittedTransform>();
        for (int i = 0; i < count; i++)
        {
            transforms.Add(FittedTransform.Read(ref reader));
        }

        return new FeaturePipeline(
            [
                .. transforms.SelectMany(static it => it.Spec.Partner is { } partner
                        ? [it.Column, partner] : (FeatureColumn[])[it.Column])
                    .DistinctBy(static column => column.Name),
            ],
            transforms);
    }

    // Everything else counts tokens, so these come first, in a pass of their own.
    private void LearnTokens(IEnumerable<RawRows> training)
    {
        FittedTransform[] learning = [.. _transforms.Where(static it => it.Tokens is not null)];
        if (learning.Length == 0)
        {
            return;
        }

        foreach (RawRows rows in training)
        {
            for (int i = 0; i < _transforms.Count; i++)
            {
                for (int row = 0; _transforms[i].Tokens is { } tokens && row < rows.Count; row++)
                {
                    tokens.Observe(rows.Texts[_columns[i]][row]);
                }
            }
        }

        foreach (FittedTransform transform in learning)
        {
            transform.Tokens!.EndFit();
        }
    }

    private void Observe(RawRows rows)
    {
        for (int i = 0; i < _transforms.Count; i++)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                _transforms[i].Observe(rows, _columns[i], row);
            }
        }
    }
}
