namespace NeuroDb.Neural;

/// <summary>
/// A transform with what it learned from the rows of the training, and from no others. After
/// <see cref="EndFit"/> it is immutable.
/// </summary>
internal sealed class FittedTransform
{
    private const int ValuesMax = 10_000;
    private const int WordBuckets = 1 << 14;
    private const int TokensMark = 256;

    private readonly SortedDictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<string> _values = [];
    private readonly ObservedNumbers _numbers = new();
    private readonly TextTokens? _tokens;
    private readonly TextNgrams? _ngrams;
    private readonly UnitVocabulary? _units;
    private readonly LogMelFeatures? _logMel;
    private readonly DerivedFeature? _derived;

    /// <summary>A transform of a column that has seen nothing yet.</summary>
    public FittedTransform(TransformSpec spec, FeatureColumn column)
        : this(spec, column, null, spec.Tokenizer is { } asked ? new TextTokens(asked) : null)
    {
    }

    private FittedTransform(
        TransformSpec spec, FeatureColumn column, UnitVocabulary? units, TextTokens? tokens)
    {
        _tokens = tokens;
        Spec = spec.Size > 0 ? spec : spec with { Size = TransformSpec.UsualSize(spec.Kind) };
        Column = column;
        bool isRight = spec.Kind switch
        {
            TransformKind.StandardScale or TransformKind.MinMax =>
                column.Kind is ColumnKind.Number,
            TransformKind.Identity => column.Kind is ColumnKind.Number or ColumnKind.Vector,
            TransformKind.Image => column.Kind is ColumnKind.Image,
            TransformKind.Ngrams or TransformKind.BagOfWords or TransformKind.NgramRatios
                or TransformKind.Words or TransformKind.Units or TransformKind.WordUnits =>
                column.Kind is ColumnKind.Text,
            TransformKind.LogMel => column.Kind is ColumnKind.Audio && spec.Frames is not null,
            TransformKind.Bucketize or TransformKind.DateParts =>
                column.Kind is ColumnKind.Number,
            TransformKind.Cross => spec.Partner is { Kind: ColumnKind.Text or ColumnKind.Number }
                && column.Kind is ColumnKind.Text or ColumnKind.Number,
            _ => column.Kind is ColumnKind.Text or ColumnKind.Number,
        };
        if (!isRight)
        {
            throw NeuralErrors.InvalidModel(
                $"The transform {spec.Kind} does not take {column.Kind} columns such as "
                + $"{column.Name}.");
        }

        if (spec.Kind == TransformKind.Words && tokens?.CountMax >= WordBuckets)
        {
            throw NeuralErrors.InvalidModel(
                $"words({column.Name}) takes a vocabulary of less than {WordBuckets} tokens.");
        }

        _ngrams = spec.IsPlaces
            ? new TextNgrams(
                Spec.Size,
                hasPairs: spec.Kind != TransformKind.BagOfWords,
                isByClass: spec.Kind == TransformKind.NgramRatios,
                tokens)
            : null;
        _units = units ?? (spec.Kind is TransformKind.Units or TransformKind.WordUnits
            ? new UnitVocabulary(
                spec.Kind == TransformKind.WordUnits,
                Spec.Size,
                spec.UnitCountMax,
                spec.UnitTextsMin,
                tokens)
            : null);
        _derived = DerivedFeature.Of(Spec);
        _logMel = spec.Kind is TransformKind.LogMel
            ? new LogMelFeatures(spec.Frames!, column.Shape) : null;
    }

    /// <summary>What was asked for, with its size.</summary>
    public TransformSpec Spec { get; }

    /// <summary>The raw column.</summary>
    public FeatureColumn Column { get; }

    /// <summary>The shape of what comes out.</summary>
    public TensorShape Output => Spec.Kind switch
    {
        TransformKind.OneHot => TensorShape.Flat(Math.Max(1, _values.Count)),
        TransformKind.Hash or TransformKind.Ngrams or TransformKind.BagOfWords
            or TransformKind.NgramRatios => TensorShape.Flat(Spec.Size),
        TransformKind.Words => TensorShape.Flat(Spec.Size),
        TransformKind.Units or TransformKind.WordUnits => TensorShape.Flat(2 * Spec.Size),
        TransformKind.Identity or TransformKind.Image or TransformKind.LogMel => Column.Shape,
        _ => TensorShape.Flat(_derived?.Length ?? 1),
    };

    /// <summary>What is subtracted from a number, and what the rest is divided by.</summary>
    public (double Shift, double Divisor) Scale => Spec.Kind switch
    {
        TransformKind.StandardScale =>
            (_numbers.Mean, _numbers.Deviation is > 0 and double deviation ? deviation : 1),
        TransformKind.MinMax => (_numbers.Least, _numbers.Largest > _numbers.Least
            ? _numbers.Largest - _numbers.Least : 1),
        _ => (0, 1),
    };

    /// <summary>The values that have places, in order.</summary>
    public IReadOnlyList<string> Values => _values;

    /// <summary>The weight of each place of a text; empty for other transforms.</summary>
    public ReadOnlySpan<float> PlaceWeights => _ngrams == null ? [] : _ngrams.Weights;

    /// <summary>The units of texts that are known; null for other transforms.</summary>
    public UnitVocabulary? Units => _units;

    /// <summary>The tokens of texts, learned before anything else; null where words do.</summary>
    public TextTokens? Tokens => _tokens;

    /// <summary>Places of words, whose numbers begin at 1.</summary>
    public static int WordBucketCount => WordBuckets;

    /// <summary>What each output number means, for explanations.</summary>
    public string NameOf(int output) => _derived?.NameOf(Column.Name, output) ?? Spec.Kind switch
    {
        TransformKind.OneHot when output < _values.Count => $"{Column.Name}={_values[output]}",
        _ => Output.Length == 1
            ? Column.Name : $"{Column.Name}[{LayerNames.Number(output)}]",
    };

    /// <summary>Learns from a row.</summary>
    public void Observe(RawRows rows, int column, int row)
    {
        switch (Spec.Kind)
        {
            case TransformKind.StandardScale or TransformKind.MinMax:
                _numbers.Add(rows.Numbers[column][row]);
                break;
            case TransformKind.OneHot or TransformKind.Ordinal:
                if (ValueOf(rows, column, row) is string value && _places.TryAdd(value, 0)
                    && _places.Count > ValuesMax)
                {
                    throw NeuralErrors.InvalidModel(
                        $"{Column.Name} has more than {ValuesMax} values; use "
                        + $"hash({Column.Name}) instead.");
                }

                break;
            case TransformKind.NgramRatios when rows.Classes.Length == 0:
                throw NeuralErrors.InvalidModel(
                    $"ngram_ratios({Column.Name}) weighs words by the labels that they come with, "
                    + $"so it needs a classifier; take ngrams({Column.Name}).");
            case TransformKind.Ngrams or TransformKind.BagOfWords or TransformKind.NgramRatios:
                _ngrams!.Observe(
                    rows.Texts[column][row], rows.Classes.Length == 0 ? -1 : rows.Classes[row]);
                break;
            case TransformKind.Units or TransformKind.WordUnits:
                _units!.Observe(rows.Texts[column][row]);
                break;
            default:
                _derived?.Observe(rows, column, row);
                break;
        }
    }

    /// <summary>The same units for another column of texts.</summary>
    public FittedTransform ForColumn(FeatureColumn column)
    {
        Invariant.Check(_units is not null);
        return new FittedTransform(Spec with { Column = column.Name }, column, _units, _tokens);
    }

    /// <summary>Ends learning.</summary>
    public void EndFit()
    {
        foreach (string value in _places.Keys)
        {
            _values.Add(value);
        }

        for (int i = 0; i < _values.Count; i++)
        {
            _places[_values[i]] = i;
        }

        _ngrams?.EndFit();
        _units?.EndFit();
        _derived?.EndFit();
    }

    /// <summary>
    /// Fills the outputs of a row; false if the value is NULL or NaN and the transform knows no
    /// place for that.
    /// </summary>
    public bool TryApply(RawRows rows, int column, int row, Span<float> output)
    {
        output.Clear();
        switch (Spec.Kind)
        {
            case TransformKind.OneHot or TransformKind.Ordinal or TransformKind.Hash:
                return TryPlace(ValueOf(rows, column, row), output);
            case TransformKind.Ngrams or TransformKind.BagOfWords or TransformKind.NgramRatios:
                return _ngrams!.TryApply(rows.Texts[column][row], output);
            case TransformKind.Units or TransformKind.WordUnits:
                return _units!.TryApply(rows.Texts[column][row], output);
            case TransformKind.Words:
                string? text = rows.Texts[column][row];
                return _tokens?.TryNumbers(text, output)
                    ?? TextNgrams.TryWords(text, WordBuckets, output);
            case TransformKind.Image or TransformKind.LogMel:
                return rows.Images[column][row] is byte[] bytes && TryDecode(bytes, output);
            case TransformKind.Bucketize or TransformKind.TargetEncode or TransformKind.Cross
                or TransformKind.DateParts:
                return _derived!.TryApply(rows, column, row, output);
            case TransformKind.Identity when Column.Kind == ColumnKind.Vector:
                return TryVector(rows.Vectors[column][row].Span, output);
            default:
                double number = rows.Numbers[column][row];
                output[0] = (float)Scaled(number);
                return double.IsFinite(number) && float.IsFinite(output[0]);
        }
    }

    /// <summary>
    /// Fills the outputs of all rows, each a stride behind the one before, and says of those that
    /// it knows no place for that they are not usable.
    /// </summary>
    public void Apply(
        RawRows rows, int column, Span<float> numbers, int stride, Span<bool> isUsable)
    {
        if (Spec.Kind is TransformKind.StandardScale or TransformKind.MinMax
            || (Spec.Kind == TransformKind.Identity && Column.Kind == ColumnKind.Number))
        {
            ApplyScale(rows.Numbers[column], numbers, stride, isUsable);
            return;
        }

        int length = Output.Length;
        for (int row = 0; row < isUsable.Length; row++)
        {
            isUsable[row] &= TryApply(rows, column, row, numbers.Slice(row * stride, length));
        }
    }

    /// <summary>What was learned, for the file of a model.</summary>
    internal void Write(ByteWriter writer)
    {
        writer.Text(Column.Name);
        writer.Number((int)Column.Kind);
        writer.Number(Column.Shape.Height);
        writer.Number(Column.Shape.Width);
        writer.Number(Column.Shape.Channels);
        writer.Number((int)Spec.Kind + (_tokens is null ? 0 : TokensMark));
        writer.Number(Spec.Size);
        Spec.Frames?.Write(writer);
        if (Spec.Partner is { } partner)
        {
            writer.Text(partner.Name);
            writer.Number((int)partner.Kind);
        }

        _tokens?.Tokenizer.Write(writer);
        _numbers.Write(writer);
        writer.Number(_values.Count);
        foreach (string value in _values)
        {
            writer.Text(value);
        }

        _ngrams?.Write(writer);
        _units?.Write(writer);
        _derived?.Write(writer);
    }

    /// <summary>The transform that was written.</summary>
    internal static FittedTransform Read(ref ByteReader reader)
    {
        string name = reader.Text();
        var kind = reader.Choice<ColumnKind>();
        var shape = new TensorShape(
            reader.Count(1 << 14), reader.Count(1 << 20), reader.Count(1 << 20));
        var column = new FeatureColumn(name, kind, shape);
        int number = reader.Count(2 * TokensMark);
        var transformKind = (TransformKind)(number % TokensMark);
        if (!Enum.IsDefined(transformKind))
        {
            throw NeuralErrors.MalformedModel($"{number} is no transform");
        }

        int size = reader.Count(1 << 24);
        AudioFrames? frames = transformKind == TransformKind.LogMel
            ? AudioFrames.Read(ref reader) : null;
        FeatureColumn? partner = transformKind == TransformKind.Cross
            ? new FeatureColumn(
                reader.Text(), reader.Choice<ColumnKind>(), TensorShape.Flat(1))
            : null;
        TextTokens? tokens = number >= TokensMark
            ? new TextTokens(SubwordTokenizer.Read(ref reader)) : null;
        var spec = new TransformSpec(transformKind, name, size, frames) { Partner = partner };
        var transform = new FittedTransform(spec, column, null, tokens);
        transform._numbers.Read(ref reader);
        int values = reader.Count(ValuesMax);
        for (int i = 0; i < values; i++)
        {
            string value = reader.Text();
            transform._values.Add(value);
            transform._places[value] = i;
        }

        transform._ngrams?.Read(ref reader);
        transform._units?.Read(ref reader);
        transform._derived?.Read(ref reader);
        return transform;
    }

    private double Scaled(double number)
    {
        (double shift, double divisor) = Scale;
        return (number - shift) / divisor;
    }

    private void ApplyScale(
        ReadOnlySpan<double> source, Span<float> numbers, int stride, Span<bool> isUsable)
    {
        (double shift, double divisor) = Scale;
        for (int row = 0; row < isUsable.Length; row++)
        {
            float number = (float)((source[row] - shift) / divisor);
            numbers[row * stride] = number;
            isUsable[row] &= float.IsFinite(number);
        }
    }

    private bool TryPlace(string? value, Span<float> output)
    {
        if (value == null)
        {
            // NULL is a value that was never seen: no place of its own.
            output[0] = Spec.Kind == TransformKind.Ordinal ? -1 : 0;
            return true;
        }

        if (Spec.Kind == TransformKind.Hash)
        {
            output[(int)(Hash64.Of(value) % (ulong)output.Length)] = 1;
            return true;
        }

        bool isKnown = _places.TryGetValue(value, out int place);
        if (Spec.Kind == TransformKind.Ordinal)
        {
            output[0] = isKnown ? place : -1;
        }
        else if (isKnown)
        {
            output[place] = 1;
        }

        return true;
    }

    private static bool TryVector(ReadOnlySpan<float> vector, Span<float> output)
    {
        if (vector.Length != output.Length)
        {
            return false;
        }

        vector.CopyTo(output);
        bool isFinite = true;
        foreach (float number in vector)
        {
            isFinite &= float.IsFinite(number);
        }

        return isFinite;
    }

    private bool TryDecode(byte[] bytes, Span<float> output)
    {
        if (_logMel is not null)
        {
            _logMel.Fill(bytes, output);
            return true;
        }

        ImageResize.ToFloats(
            ImageDecoder.Decode(bytes, Column.Shape), Column.Shape, output);
        return true;
    }

    internal static string? ValueOf(RawRows rows, int column, int row) =>
        rows.Columns[column].Kind == ColumnKind.Text
            ? rows.Texts[column][row]
            : double.IsNaN(rows.Numbers[column][row])
                ? null : LayerNames.Number(rows.Numbers[column][row]);
}
