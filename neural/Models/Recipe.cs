using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>
/// What USING asks for: a named network or another kind of model with its arguments, or a list of
/// layers.
/// </summary>
/// <param name="Name">The name in lower case; "layers" for a list of layers.</param>
/// <param name="Sizes">The numbers without a name, in order.</param>
/// <param name="Options">The arguments with a name.</param>
/// <param name="Layers">The list of layers, or null.</param>
internal sealed record Recipe(
    string Name,
    IReadOnlyList<int> Sizes,
    IReadOnlyDictionary<string, double> Options,
    string? Layers)
{
    /// <summary>The name of recipes that join others.</summary>
    public const string EnsembleName = "ensemble";

    private const string LayerList = "layers";
    private const int DimensionMax = 1024;

    /// <summary>Models that are no networks, with the options that each knows.</summary>
    private static readonly Dictionary<string, string[]> Others = new()
    {
        ["decision_tree"] = ["depth", "min_leaf"],
        ["random_forest"] = ["trees", "depth", "min_leaf"],
        ["gbdt"] = ["trees", "depth", "min_leaf", "learning_rate", "lambda"],
        ["kmeans"] = ["clusters", "iterations"],
        ["isolation_forest"] = ["trees"],
        ["two_tower"] = ["dim"],
        ["crf"] = ["window"],
        ["node2vec"] = ["dim", "length", "window", "negatives", "p", "q"],
        [EnsembleName] = ["voting"],
        ["lsa"] = ["iterations", "terms", "min_count", "units"],
        ["contrastive"] = ["temperature", "keep", "terms", "min_count", "units"],
        ["skipgram"] = ["window", "negatives", "sample", "common", "terms", "min_count", "units"],
        ["autoencoder"] = ["hidden", "noise"],
        ["cnn"] = ["width"],
    };

    private static readonly string[] TextEmbedders = ["lsa", "contrastive", "skipgram"];

    private static readonly string[] NetworkEncoders = ["autoencoder", "cnn"];

    /// <summary>Whether the model turns features of any kind into vectors.</summary>
    public bool IsNetworkEncoder => NetworkEncoders.Contains(Name);

    /// <summary>Whether the model gives vectors and needs no target.</summary>
    public bool IsEmbedder => IsTextEmbedder || IsNetworkEncoder;

    /// <summary>Whether the model turns texts into vectors.</summary>
    public bool IsTextEmbedder => TextEmbedders.Contains(Name);

    /// <summary>
    /// The share of numbers that hidden layers drop while training; null for what the name says.
    /// </summary>
    public double? Dropout { get; init; }

    /// <summary>The same with another share; an error where nothing can be dropped.</summary>
    public Recipe WithDropout(double? share) => share is null ? this
        : Layers is not null ? throw NeuralErrors.InvalidModel(
            "LAYERS says itself where numbers are dropped: write dropout(.2) among the layers.")
        : !IsNetwork || Name is "linear" or "logistic" ? throw NeuralErrors.InvalidModel(
            $"{Name} has no hidden layer, so the option dropout has no meaning for it.")
        : this with { Dropout = share };

    /// <summary>What an ensemble joins; nothing for all others.</summary>
    public IReadOnlyList<Recipe> Members { get; init; } = [];

    /// <summary>Names of models that are there and that an ensemble joins as they are.</summary>
    public IReadOnlyList<string> Joined { get; init; } = [];

    /// <summary>Whether the members of an ensemble count the same.</summary>
    public bool IsMean { get; init; }

    /// <summary>Every name that USING knows.</summary>
    public static IEnumerable<string> Names => NamedNetworks.Names.Concat(Others.Keys);

    /// <summary>Whether the model is a network.</summary>
    public bool IsNetwork => !Others.ContainsKey(Name);

    /// <summary>True of trees and centers, which do not learn by steps.</summary>
    public bool IsStepless => Name is "decision_tree" or "random_forest" or "gbdt"
        or "isolation_forest" or "kmeans";

    /// <summary>A recipe as it is written: mlp(64, 64), gbdt(trees=200), or a bare name.</summary>
    public static Recipe Parse(string text)
    {
        IReadOnlyList<LayerSpec> specs = LayerTextParser.Parse(text);
        LayerSpec spec = specs.Count == 1
            ? specs[0]
            : throw NeuralErrors.InvalidModel("USING takes one model; write LAYERS for a list.");
        string[] known = Others.GetValueOrDefault(spec.Name)
            ?? (NamedNetworks.Names.Contains(spec.Name) ? ["width"]
                : throw NeuralErrors.UnknownName("model", spec.Name, Names));
        var sizes = new List<int>();
        var options = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (LayerArgument argument in spec.Arguments)
        {
            if (argument.Number is not double number)
            {
                throw NeuralErrors.InvalidModel($"{spec.Name} takes numbers only.");
            }

            if (argument.Name == null)
            {
                sizes.Add(number is >= 1 and <= 1 << 20 && number == Math.Floor(number)
                    ? (int)number
                    : throw NeuralErrors.InvalidModel($"{spec.Name} takes whole numbers."));
            }
            else if (!known.Contains(argument.Name))
            {
                throw NeuralErrors.UnknownName(
                    $"option of {spec.Name}", argument.Name, known);
            }
            else
            {
                options[argument.Name] = number;
            }
        }

        bool takesSize = spec.Name == "kmeans" || TextEmbedders.Contains(spec.Name)
            || NetworkEncoders.Contains(spec.Name);
        if (sizes.Count > (spec.Name == "mlp" ? 64 : takesSize ? 1 : 0))
        {
            throw NeuralErrors.InvalidModel(
                $"{spec.Name} takes options such as {string.Join(", ", known)} by name.");
        }

        return new Recipe(spec.Name, sizes, options, null);
    }

    /// <summary>The recipe of a list of layers.</summary>
    public static Recipe OfLayers(string layers)
    {
        LayerTextParser.Parse(layers);
        return new Recipe(LayerList, [], new Dictionary<string, double>(), layers);
    }

    /// <summary>What is taken where nothing is asked for.</summary>
    public static Recipe Default(TensorShape input) => Parse(
        input.Height > 1 && input.Width > 1 ? "simple_cnn"
        : input.IsFlat ? "mlp" : "text_cnn");

    /// <summary>The network for a shape and so many outputs.</summary>
    public Network ToNetwork(TensorShape input, int outputs)
    {
        string text = Layers ?? NamedNetworks.Describe(
            Name, Sizes, Options.GetValueOrDefault("width", 1), input, outputs, Dropout);
        Network network = NetworkBuilder.Build(input, text);
        return network.Output.Length == outputs
            ? network
            : throw NeuralErrors.InvalidModel(
                $"The last layer gives {network.Output.Length} numbers, but the target needs "
                + $"{outputs}; end the list with dense({outputs}).");
    }

    /// <summary>The length of the vectors of an embedder.</summary>
    public int Dimension(int usual) => Sizes.Count == 0 ? usual
        : Sizes[0] <= DimensionMax ? Sizes[0]
        : throw NeuralErrors.InvalidModel(
            $"{Name} gives vectors of at most {DimensionMax} numbers, not {Sizes[0]}.");

    /// <summary>The most units of a text that an embedder of texts reads.</summary>
    public int UnitCount => Whole("units", 512, 1, 1 << 16);

    /// <summary>A number among the options, from a least to a most.</summary>
    public double Number(string name, double otherwise, double least, double most) =>
        Options.GetValueOrDefault(name, otherwise) is double number
        && number >= least && number <= most
            ? number
            : throw NeuralErrors.InvalidModel(string.Create(
                CultureInfo.InvariantCulture,
                $"{name} of {Name} must be a number from {least} to {most}."));

    /// <summary>How a text embedder takes a column apart into units.</summary>
    public TransformSpec UnitsOf(string column) => new(
        Name == "skipgram" ? TransformKind.WordUnits : TransformKind.Units, column, UnitCount)
    {
        UnitCountMax = Whole("terms", 1 << 16, 1, UnitVocabulary.UnitCountLimit),
        UnitTextsMin = Whole("min_count", 2, 1, int.MaxValue),
    };

    /// <summary>The options of trees.</summary>
    public TreeOptions ToTreeOptions(ulong seed) => new()
    {
        Trees = Whole("trees", 100),
        DepthMax = Whole("depth", Name == "random_forest" ? 16 : 6),
        LeafRowsMin = Options.ContainsKey("min_leaf") ? Whole("min_leaf", 1) : null,
        LearningRate = Options.GetValueOrDefault("learning_rate", 0.1),
        LeafPenalty = Options.GetValueOrDefault("lambda", 0),
        Seed = seed,
    };

    /// <summary>A whole number among the options, from a least to a most.</summary>
    public int Whole(string name, int otherwise, int least, int most) =>
        Whole(name, otherwise) is int number && number >= least && number <= most
            ? number
            : throw NeuralErrors.InvalidModel(
                $"{name} of {Name} must be a whole number from {least} to {most}.");

    /// <summary>A whole number among the options.</summary>
    public int Whole(string name, int otherwise)
    {
        double number = Options.GetValueOrDefault(name, otherwise);
        return number is >= 0 and <= int.MaxValue && number == Math.Floor(number)
            ? (int)number
            : throw NeuralErrors.InvalidModel(string.Create(
                CultureInfo.InvariantCulture, $"{name} of {Name} must be a whole number."));
    }
}
