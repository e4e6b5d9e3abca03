using System.Globalization;
using System.Text;
using System.Text.Json;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The options of WITH: their texts, and what they mean.</summary>
internal sealed class ModelOptions
{
    private const double MemoryUsualMebibytes = 1024;
    private const int CommentLengthMax = 10_000;

    private static readonly string[] Own =
    [
        "class_weight", "comment", "device", "dropout", "max_memory", "precision", "scale_target",
        "tokenizer", "vocabulary",
    ];

    private ModelOptions(IReadOnlyDictionary<string, string> texts) => Texts = texts;

    /// <summary>The options as they were written, by their names in lower case.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; }

    /// <summary>Whether classes count the same however many rows they have.</summary>
    public bool IsBalanced { get; private set; }

    /// <summary>
    /// Whether the target of a regression is brought to deviation 1 for training.
    /// </summary>
    public bool ScalesTarget { get; private set; } = true;

    /// <summary>The share of numbers that hidden layers drop while training, or null.</summary>
    public double? Dropout { get; private set; }

    /// <summary>The tokens that are learned from columns of texts; null for words.</summary>
    public TokenizerSpec? Tokenizer { get; private set; }

    /// <summary>The bytes of examples that may stand in memory.</summary>
    public long MemoryBytesMax { get; private set; } = (long)MemoryUsualMebibytes << 20;

    /// <summary>The comment.</summary>
    public string Comment => Texts.GetValueOrDefault("comment", "");

    /// <summary>Whether an option was written.</summary>
    public bool Has(string name) => Texts.ContainsKey(name);

    /// <summary>The options of a list over those of a stored JSON text.</summary>
    public static ModelOptions Read(string stored, IReadOnlyList<OptionSyntax> written)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        using (JsonDocument document = JsonDocument.Parse(stored))
        {
            foreach (JsonProperty option in document.RootElement.EnumerateObject())
            {
                texts[option.Name] = option.Value.GetString()!;
            }
        }

        var seen = new HashSet<string>();
        foreach (OptionSyntax option in written)
        {
            string name = option.Name.Name.ToLowerInvariant();
            texts[name] = seen.Add(name)
                ? TextOf(option)
                : throw SyntaxErrors.At(option.Position, $"the option {name} is written twice");
        }

        return Of(texts);
    }

    /// <summary>The options of texts, checked.</summary>
    public static ModelOptions Of(IReadOnlyDictionary<string, string> texts)
    {
        var options = new ModelOptions(texts);
        foreach ((string name, string text) in texts)
        {
            options.Take(name, text);
        }

        options.ToTraining(ModelTask.Classifier);
        return options.Has("vocabulary") && options.Tokenizer is null
            ? throw NeuralErrors.InvalidModel(
                "The option vocabulary says how many tokens are learned; write tokenizer = 'bpe' "
                + "or 'unigram' beside it.")
            : options;
    }

    /// <summary>The same with another value of one option.</summary>
    public ModelOptions With(string name, string text) =>
        Of(new Dictionary<string, string>(Texts, StringComparer.Ordinal) { [name] = text });

    /// <summary>The options as JSON.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach ((string name, string text) in
                Texts.OrderBy(static it => it.Key, StringComparer.Ordinal))
            {
                writer.WriteString(name, text);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The options that trainings know, for a task.</summary>
    public TrainingOptions ToTraining(ModelTask task)
    {
        var training = new TrainingOptions
        {
            Loss = task == ModelTask.Regressor ? LossKind.MeanSquared : LossKind.CrossEntropy,
        };
        foreach ((string name, string text) in Texts.Where(
            static it => !Own.Contains(it.Key) && !TypeOptions.Has(it.Key)))
        {
            training = TrainingOptionParser.Set(
                training, name, name == "augment" ? WithBrackets(text) : text);
        }

        training.Validate();
        return training;
    }

    /// <summary>The options of a training whose kind has its own usual values.</summary>
    /// <param name="task">What is trained.</param>
    /// <param name="learningRate">The usual rate.</param>
    /// <param name="weightDecay">The usual decay.</param>
    /// <param name="epochs">The usual number of passes.</param>
    public TrainingOptions ToTraining(
        ModelTask task, double learningRate, double weightDecay, int epochs)
    {
        TrainingOptions options = ToTraining(task);
        return options with
        {
            LearningRate = Has("learning_rate") ? options.LearningRate : learningRate,
            WeightDecay = Has("weight_decay") ? options.WeightDecay : weightDecay,
            Epochs = Has("epochs") ? options.Epochs : epochs,
        };
    }

    private void Take(string name, string text)
    {
        switch (name)
        {
            case "class_weight":
                IsBalanced = Choose(name, text, "none", "balanced") == 1;
                break;
            case "device":
                Choose(name, text, "auto", "cpu");
                break;
            case "precision":
                Choose(name, text, "fp32");
                break;
            case "scale_target":
                ScalesTarget = Choose(name, text, "false", "true") == 1;
                break;
            case "max_memory":
                MemoryBytesMax = double.TryParse(
                    text, NumberStyles.Float, CultureInfo.InvariantCulture, out double mebibytes)
                    && mebibytes is > 0 and <= 1 << 24
                        ? (long)(mebibytes * (1 << 20))
                        : throw NeuralErrors.InvalidModel(
                            $"The option max_memory is a number of MiB, not {text}.");
                break;
            case "dropout":
                Dropout = double.TryParse(
                    text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share)
                    && share is >= 0 and < 1
                        ? share
                        : throw NeuralErrors.InvalidModel(
                            $"The option dropout is a share from 0 to below 1, not {text}.");
                break;
            case "tokenizer":
                Tokenizer = TokenizerOf(
                    (TokenizerKind)Choose(name, text, "none", "bpe", "unigram"));
                break;
            case "vocabulary":
                break;
            case "comment" when text.Length > CommentLengthMax:
                throw NeuralErrors.InvalidModel(
                    $"The comment has more than {CommentLengthMax} characters.");
            default:
                if (!Own.Contains(name) && !TypeOptions.Has(name)
                    && !TrainingOptionParser.Names.Contains(name))
                {
                    throw NeuralErrors.UnknownName(
                        "option",
                        name,
                        TrainingOptionParser.Names.Concat(Own).Concat(TypeOptions.Names));
                }

                break;
        }
    }

    private TokenizerSpec? TokenizerOf(TokenizerKind kind)
    {
        int vocabulary = TokenizerSpec.VocabularyUsual;
        bool isRight = !Texts.TryGetValue("vocabulary", out string? text)
            || (int.TryParse(text, CultureInfo.InvariantCulture, out vocabulary)
                && vocabulary is >= TokenizerSpec.VocabularyMin and <= TokenizerSpec.VocabularyMax);
        return !isRight ? throw NeuralErrors.InvalidModel(
                $"The option vocabulary is a number from {TokenizerSpec.VocabularyMin} to "
                + $"{TokenizerSpec.VocabularyMax}, not {text}.")
            : kind == TokenizerKind.None ? null : new TokenizerSpec(kind, vocabulary);
    }

    private static int Choose(string name, string text, params string[] known)
    {
        int at = Array.FindIndex(
            known, it => string.Equals(it, text, StringComparison.OrdinalIgnoreCase));
        return at >= 0 ? at : throw NeuralErrors.UnknownName(name, text, known);
    }

    // shift2 is shift(2).
    private static string WithBrackets(string text) => string.Join(
        ", ",
        text.Split(',', StringSplitOptions.TrimEntries).Select(static word =>
        {
            string name = word.TrimEnd("0123456789".ToCharArray());
            return name.Length < word.Length && name.All(char.IsAsciiLetter)
                ? $"{name}({word[name.Length..]})"
                : word;
        }));

    /// <summary>The text of the value of an option.</summary>
    public static string TextOf(
        ExpressionSyntax value, string name, SourcePosition position) => value switch
    {
        LiteralExpressionSyntax literal => literal.Text,
        ColumnReferenceSyntax word => word.Name.Text,
        UnaryExpressionSyntax
        {
            Operator: UnaryOperator.Negate, Operand: LiteralExpressionSyntax number,
        } => "-" + number.Text,
        _ => throw SyntaxErrors.At(
            position, $"the option {name} takes a number, a word or a text"),
    };

    private static string TextOf(OptionSyntax option) =>
        TextOf(option.Value, option.Name.Name, option.Position);
}
