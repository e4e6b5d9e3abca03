using System.Globalization;
using System.Text;

namespace NeuroDb.Query;

/// <summary>Reads the WITH list of a COPY; a word that is unknown is an error.</summary>
internal sealed class CopyOptionReader
{
    private static readonly string[] Known =
    [
        "FORMAT", "HEADER", "DELIMITER", "QUOTE", "ESCAPE", "NULL", "ENCODING", "ON_ERROR",
        "MAX_ERRORS", "REJECTS_TABLE", "REJECTS_FILE", "UNKNOWN_COLUMNS", "FIRST_ID",
        "FORCE_QUOTE", "LABELS", "TENSOR",
    ];

    private readonly Dictionary<string, OptionSyntax> _options =
        new(StringComparer.OrdinalIgnoreCase);

    private CopyOptionReader(IReadOnlyList<OptionSyntax> options)
    {
        foreach (OptionSyntax option in options)
        {
            string name = option.Name.Name;
            if (!Known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw Invalid(
                    option, $"COPY has no option {name}.{NearMatch.Hint(name, Known)}");
            }

            if (!_options.TryAdd(name, option))
            {
                throw Invalid(option, $"The option {name} is given twice.");
            }
        }
    }

    /// <summary>The options of a statement; the path decides what FORMAT leaves open.</summary>
    public static CopyOptions Read(CopyStatementSyntax syntax, string path) =>
        new CopyOptionReader(syntax.Options).Read(path, syntax.IsFrom);

    private CopyOptions Read(string path, bool isFrom)
    {
        (CopyFormat format, bool isTabbed) = Format(path);
        byte quote = Byte("QUOTE", (byte)'"', mayBeNone: true);
        var options = new CopyOptions
        {
            Format = format,
            Header = Header(isFrom),
            Delimiter = Byte("DELIMITER", isTabbed ? (byte)'\t' : (byte)',', mayBeNone: false),
            Quote = quote,
            Escape = Byte("ESCAPE", quote, mayBeNone: true),
            NullText = Encoding.UTF8.GetBytes(Text("NULL") ?? ""),
            QuotesAll = Truth("FORCE_QUOTE"),
            OnError = ErrorAction(),
            ErrorCountMax = Number("MAX_ERRORS", 0) ?? long.MaxValue,
            RejectsTable = Text("REJECTS_TABLE"),
            RejectsFile = Text("REJECTS_FILE"),
            IgnoresUnknown = Word("UNKNOWN_COLUMNS", "ERROR", "IGNORE") == "IGNORE",
            LabelsFile = Text("LABELS"),
            Tensor = Text("TENSOR"),
            FirstId = Number("FIRST_ID", long.MinValue) ?? 0,
        };
        Check(options);
        return options;
    }

    private void Check(CopyOptions options)
    {
        Word("ENCODING", "UTF8", "UTF-8");
        if (options.Delimiter == options.Quote || options.Delimiter == options.Escape)
        {
            throw Invalid(
                First("DELIMITER", "QUOTE", "ESCAPE"),
                "DELIMITER must differ from QUOTE and ESCAPE.");
        }

        bool hasPlace = options.RejectsTable is not null || options.RejectsFile is not null;
        if (hasPlace && options.OnError != CopyErrorAction.Quarantine)
        {
            throw Invalid(
                First("REJECTS_TABLE", "REJECTS_FILE"),
                "A place for rejected rows needs ON_ERROR quarantine.");
        }

        if (options.RejectsTable is not null && options.RejectsFile is not null)
        {
            throw Invalid(
                First("REJECTS_FILE"), "REJECTS_TABLE and REJECTS_FILE exclude each other.");
        }

        if (options.OnError == CopyErrorAction.Stop && _options.ContainsKey("MAX_ERRORS"))
        {
            throw Invalid(
                First("MAX_ERRORS"), "MAX_ERRORS needs ON_ERROR skip or quarantine.");
        }

        if (options.LabelsFile is not null && options.Format != CopyFormat.Idx)
        {
            throw Invalid(First("LABELS"), "LABELS needs FORMAT idx.");
        }

        if (options.Tensor is not null && options.Format != CopyFormat.Safetensors)
        {
            throw Invalid(First("TENSOR"), "TENSOR needs FORMAT safetensors.");
        }

        if (options.NullText.AsSpan().ContainsAny(options.Delimiter, (byte)'\r', (byte)'\n'))
        {
            throw Invalid(First("NULL"), "The text of NULL may not hold a delimiter or line end.");
        }
    }

    private (CopyFormat Format, bool IsTabbed) Format(string path)
    {
        string unpacked = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? path[..^3] : path;
        string extension = Path.GetExtension(unpacked).TrimStart('.').ToUpperInvariant();
        string? given = Text("FORMAT")?.ToUpperInvariant();
        return (given ?? extension) switch
        {
            "CSV" => (CopyFormat.Csv, false),
            "TSV" => (CopyFormat.Csv, true),
            "JSON" or "JSONL" or "NDJSON" => (CopyFormat.Json, false),
            "NPY" => (CopyFormat.Npy, false),
            "SAFETENSORS" => (CopyFormat.Safetensors, false),
            "FVECS" => (CopyFormat.Fvecs, false),
            "IVECS" => (CopyFormat.Ivecs, false),
            "BVECS" => (CopyFormat.Bvecs, false),
            "IMAGE_FOLDER" => (CopyFormat.ImageFolder, false),
            "AUDIO_FOLDER" => (CopyFormat.AudioFolder, false),
            "TEXT_FOLDER" => (CopyFormat.TextFolder, false),
            "IDX" => (CopyFormat.Idx, false),
            _ when given is null => (CopyFormat.Csv, false),
            _ => throw Invalid(
                First("FORMAT"),
                $"COPY knows no format {given}; it knows csv, tsv, json, npy, safetensors, "
                + "fvecs, ivecs, bvecs, image_folder, audio_folder, text_folder and idx."),
        };
    }

    private CopyHeader Header(bool isFrom)
    {
        string word = Text("HEADER")?.ToUpperInvariant() ?? "FALSE";
        return word switch
        {
            "FALSE" or "OFF" or "0" => CopyHeader.None,
            "TRUE" or "ON" or "1" => CopyHeader.Skip,
            "MATCH" when isFrom => CopyHeader.Match,
            "BY_NAME" or "NAMES" when isFrom => CopyHeader.ByName,
            _ => throw Invalid(
                First("HEADER"), "HEADER is true, false, match or by_name."),
        };
    }

    private CopyErrorAction ErrorAction() =>
        Text("ON_ERROR")?.ToUpperInvariant() switch
        {
            null or "STOP" or "ABORT" => CopyErrorAction.Stop,
            "SKIP" or "IGNORE" => CopyErrorAction.Skip,
            "QUARANTINE" => CopyErrorAction.Quarantine,
            _ => throw Invalid(First("ON_ERROR"), "ON_ERROR is stop, skip or quarantine."),
        };

    private string? Word(string name, params ReadOnlySpan<string> words)
    {
        string? word = Text(name)?.ToUpperInvariant();
        return word is null || words.Contains(word)
            ? word
            : throw Invalid(
                First(name), $"{name} is {string.Join(" or ", words.ToArray())}, not {word}.");
    }

    private bool Truth(string name) =>
        Word(name, "TRUE", "FALSE", "ON", "OFF", "1", "0") is "TRUE" or "ON" or "1";

    private byte Byte(string name, byte standard, bool mayBeNone)
    {
        string? text = Text(name);
        if (text is null)
        {
            return standard;
        }

        if (text.Length == 0 && mayBeNone)
        {
            return 0;
        }

        string character = text is "\\t" ? "\t" : text;
        return character is [> '\0' and < '\x7f' and not '\n' and not '\r']
            ? (byte)character[0]
            : throw Invalid(First(name), $"{name} is one ASCII character, no line end.");
    }

    private long? Number(string name, long least)
    {
        string? text = Text(name);
        if (text is null)
        {
            return null;
        }

        return long.TryParse(text, CultureInfo.InvariantCulture, out long number)
            && number >= least
            ? number
            : throw Invalid(First(name), $"{name} is a whole number from {least} on.");
    }

    private string? Text(string name) =>
        !_options.TryGetValue(name, out OptionSyntax? option) ? null : option.Value switch
        {
            LiteralExpressionSyntax literal => literal.Text,
            ColumnReferenceSyntax word => word.Name.Text,
            UnaryExpressionSyntax { Operand: LiteralExpressionSyntax literal } =>
                "-" + literal.Text,
            _ => throw Invalid(option, $"{name} takes a word or a literal."),
        };

    private OptionSyntax First(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_options.TryGetValue(name, out OptionSyntax? option))
            {
                return option;
            }
        }

        throw Invariant.Broken("an option that is wrong was written");
    }

    private static NeuroStoreException Invalid(OptionSyntax option, string message) =>
        new(ErrorCode.InvalidSetting, message, option.Position);
}
