namespace NeuroDb.Neural;

/// <summary>One transform that a model asks for.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Column">The name of the raw column.</param>
/// <param name="Size">Buckets of a hash, words of a text, or 0 for the usual.</param>
/// <param name="Frames">How sound is cut; null for other transforms.</param>
internal sealed record TransformSpec(
    TransformKind Kind, string Column, int Size = 0, AudioFrames? Frames = null)
{
    /// <summary>The tokens that texts are cut into; null where words do.</summary>
    public TokenizerSpec? Tokenizer { get; init; }

    /// <summary>The second column of a cross; null for other transforms.</summary>
    public FeatureColumn? Partner { get; init; }

    /// <summary>The most units that a vocabulary learns.</summary>
    public int UnitCountMax { get; init; } = 1 << 16;

    /// <summary>In how many texts a unit must be to be learned.</summary>
    public int UnitTextsMin { get; init; } = 2;

    private static readonly Dictionary<string, TransformKind> Names = new()
    {
        ["identity"] = TransformKind.Identity,
        ["standard_scale"] = TransformKind.StandardScale,
        ["min_max"] = TransformKind.MinMax,
        ["one_hot"] = TransformKind.OneHot,
        ["ordinal"] = TransformKind.Ordinal,
        ["hash"] = TransformKind.Hash,
        ["ngrams"] = TransformKind.Ngrams,
        ["words"] = TransformKind.Words,
        ["image"] = TransformKind.Image,
        ["log_mel"] = TransformKind.LogMel,
        ["bag_of_words"] = TransformKind.BagOfWords,
        ["ngram_ratios"] = TransformKind.NgramRatios,
        ["bucketize"] = TransformKind.Bucketize,
        ["target_encode"] = TransformKind.TargetEncode,
        ["cross"] = TransformKind.Cross,
        ["date_parts"] = TransformKind.DateParts,
    };

    /// <summary>Whether a text becomes hashed places of its words.</summary>
    public bool IsPlaces => Kind is TransformKind.Ngrams or TransformKind.BagOfWords
        or TransformKind.NgramRatios;

    /// <summary>Whether it takes texts apart, into words or learned tokens.</summary>
    public bool TakesTextApart => IsPlaces || Kind is TransformKind.Words or TransformKind.Units
        or TransformKind.WordUnits;

    /// <summary>The transform of a name.</summary>
    public static TransformKind KindOf(string name) =>
        Names.TryGetValue(name.ToLowerInvariant(), out TransformKind kind)
            ? kind : throw NeuralErrors.UnknownName("transform", name, Names.Keys);

    /// <summary>
    /// What a column gets where nothing was asked for; texts must be asked for.
    /// </summary>
    public static TransformSpec Default(FeatureColumn column) => column.Kind switch
    {
        ColumnKind.Number => new(TransformKind.StandardScale, column.Name),
        ColumnKind.Vector => new(TransformKind.Identity, column.Name),
        ColumnKind.Image => new(TransformKind.Image, column.Name),
        _ => throw NeuralErrors.InvalidModel(
            $"The feature {column.Name} is TEXT, and a network takes numbers. Add TRANSFORM "
            + $"(ngrams({column.Name})) for sentences, or one_hot({column.Name}) for few values."),
    };

    /// <summary>The size of a transform that says none.</summary>
    public static int UsualSize(TransformKind kind) => kind switch
    {
        TransformKind.Hash or TransformKind.Cross => 1024,
        TransformKind.Bucketize => 10,
        TransformKind.Ngrams or TransformKind.BagOfWords or TransformKind.NgramRatios => 1 << 18,
        TransformKind.Words => 64,
        TransformKind.Units or TransformKind.WordUnits => 512,
        _ => 0,
    };
}
