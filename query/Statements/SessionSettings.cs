using System.Globalization;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The settings of one session, by name. Each is read and written as text, so that SET, SHOW and
/// PRAGMA need no case of their own for a new setting.
/// </summary>
internal sealed class SessionSettings
{
    private const long OperatorMemoryBytesMin = 65_536;

    // Several operators of a statement keep rows at once, beside what is cached.
    private const int OperatorMemoryShare = 4;

    private SessionSettings? _first;

    private static readonly string[] Names =
    [
        "accelerator", "ann", "default_null_order", "durability", "foreign_keys", "isolation",
        "kept_memory",
        "memory_budget", "mixed_versions", "operator_memory", "refresh_share", "scalar_subquery",
        "statement_timeout", "threads", "timezone",
    ];

    /// <summary>When COMMIT returns.</summary>
    public Durability Durability { get; set; }

    /// <summary>What transactions notice of each other.</summary>
    public TransactionIsolation Isolation { get; set; }

    /// <summary>The device for similarity kernels.</summary>
    public AcceleratorChoice Accelerator { get; set; }

    /// <summary>How many threads a statement may use; at most those of the database.</summary>
    public int Threads { get; set; } = int.MaxValue;

    /// <summary>The bytes of rows that one operator keeps before it uses the disk.</summary>
    public long OperatorMemoryBytes { get; set; } = long.MaxValue;

    /// <summary>
    /// The bytes of rows that an operator keeps that has no way to put them on disk.
    /// </summary>
    public long KeptMemoryBytes { get; set; } = long.MaxValue;

    /// <summary>How long a statement may run; zero for as long as it takes.</summary>
    public TimeSpan StatementTimeout { get; set; }

    /// <summary>The threads that the database has; fixed when it was opened.</summary>
    public int ThreadsMax { get; init; } = 1;

    /// <summary>How fast work in the background goes; of all sessions of the database.</summary>
    public WorkPace Pace { get; private set; } = new();

    /// <summary>The bytes of memory that the database may hold; fixed when it was opened.</summary>
    public long MemoryBudgetBytes { get; init; }

    /// <summary>Whether a scalar subquery of several rows takes the first, as in SQLite.</summary>
    public bool ScalarSubqueryTakesFirst { get; set; }

    /// <summary>Where NULLs stand in an order that does not say it.</summary>
    public NullPlacement NullPlacement { get; set; }

    /// <summary>Whether vectors of different versions of a model may be compared.</summary>
    public bool AllowsMixedVersions { get; set; }

    /// <summary>Whether indexes of vectors may leave rows out, within their recall.</summary>
    public bool IsApproximate { get; set; } = true;

    /// <summary>The zone in which TIMESTAMPTZ is read and written as text.</summary>
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>Whether foreign keys are looked at.</summary>
    public bool EnforcesForeignKeys { get; set; } = true;

    /// <summary>What a session of an engine starts with.</summary>
    public static SessionSettings Of(QueryEngine engine)
    {
        SessionSettings settings = Start(engine);
        settings._first = Start(engine);
        settings.Pace = engine.Pace;
        return settings;
    }

    private static SessionSettings Start(QueryEngine engine) => new()
    {
        Durability = engine.Options.Durability,
        Accelerator = engine.Options.Accelerator,
        MemoryBudgetBytes = engine.Options.Storage.MemoryBudgetBytes,
        OperatorMemoryBytes = engine.Options.Storage.MemoryBudgetBytes / OperatorMemoryShare,
        KeptMemoryBytes = engine.Spill is null
            ? Math.Max(
                engine.Options.Storage.MemoryBudgetBytes, StorageOptions.DefaultMemoryBudgetBytes)
            : engine.Options.Storage.MemoryBudgetBytes,
        ThreadsMax = engine.Seams.Workers.Count,
        Pace = new WorkPace { SharePercent = engine.Options.RefreshSharePercent },
    };

    /// <summary>The value of a setting as text.</summary>
    public string Get(string name, SourcePosition position) => Canonical(name, position) switch
    {
        "accelerator" => Word(Accelerator),
        "ann" => IsApproximate ? "on" : "off",
        "default_null_order" => NullOrderWords[(int)NullPlacement],
        "durability" => Word(Durability),
        "foreign_keys" => EnforcesForeignKeys ? "on" : "off",
        "isolation" => Word(Isolation),
        "kept_memory" => KeptMemoryBytes.ToString(CultureInfo.InvariantCulture),
        "memory_budget" => MemoryBudgetBytes.ToString(CultureInfo.InvariantCulture),
        "mixed_versions" => AllowsMixedVersions ? "allow" : "error",
        "operator_memory" => OperatorMemoryBytes.ToString(CultureInfo.InvariantCulture),
        "refresh_share" => Pace.SharePercent.ToString(CultureInfo.InvariantCulture),
        "statement_timeout" =>
            ((long)StatementTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        "threads" => Math.Min(Threads, ThreadsMax).ToString(CultureInfo.InvariantCulture),
        "timezone" => TimeZone.Id,
        _ => ScalarSubqueryTakesFirst ? "first" : "error",
    };

    /// <summary>Gives a setting the value that a session starts with; ALL means every one.
    /// </summary>
    public void Reset(string name, SourcePosition position)
    {
        Invariant.Check(_first is not null);
        bool isAll = name.Equals("all", StringComparison.OrdinalIgnoreCase);
        foreach (string known in isAll ? Names : [Canonical(name, position)])
        {
            string value = _first.Get(known, position);
            if (Get(known, position) != value)
            {
                Set(known, value, position);
            }
        }
    }

    /// <summary>Changes a setting.</summary>
    public void Set(string name, string value, SourcePosition position)
    {
        switch (Canonical(name, position))
        {
            case "accelerator":
                Accelerator = Choose<AcceleratorChoice>(name, value, position);
                break;
            case "ann":
                IsApproximate = IsOn(name, value, "off, on", position);
                break;
            case "default_null_order":
                NullPlacement = PlacementOf(name, value, position);
                break;
            case "durability":
                Durability = Choose<Durability>(name, value, position);
                break;
            case "foreign_keys":
                EnforcesForeignKeys = IsOn(name, value, "on, off", position);
                break;
            case "isolation":
                Isolation = Choose<TransactionIsolation>(name, value, position);
                break;
            case "mixed_versions":
                AllowsMixedVersions = IsAllowed(name, value, position);
                break;
            case "kept_memory":
                KeptMemoryBytes = Memory(name, value, position);
                break;
            case "operator_memory":
                OperatorMemoryBytes = Memory(name, value, position);
                break;
            case "refresh_share":
                Pace.SharePercent = Percent(name, value, position);
                break;
            case "statement_timeout":
                StatementTimeout = TimeSpan.FromMilliseconds(Math.Min(
                    int.MaxValue, Whole(name, value, 0, "0 or more ms", position)));
                break;
            case "threads":
                Threads = (int)Math.Min(
                    int.MaxValue, Whole(name, value, 1, "1 or more threads", position));
                break;
            case "timezone":
                TimeZone = ZoneOf(value, position);
                break;
            case "memory_budget":
                throw new NeuroStoreException(
                    ErrorCode.InvalidSetting,
                    "The setting 'memory_budget' is fixed while a database is open; give it when "
                    + "you open it.",
                    position);
            default:
                ScalarSubqueryTakesFirst = value switch
                {
                    "first" => true,
                    "error" => false,
                    _ => throw Invalid(name, value, "error, first", position),
                };
                break;
        }
    }

    // A name or offset, LOCAL for the zone at first, or hours or an INTERVAL east of UTC.
    private static TimeZoneInfo ZoneOf(string value, SourcePosition position) =>
        value.Equals("local", StringComparison.OrdinalIgnoreCase) ? TimeZoneInfo.Utc
            : decimal.TryParse(
                value, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal hours)
                && hours is > -15 and < 15
            ? TimeZones.Of(TimeSpan.FromHours((double)hours))
            : !TimeZones.TryFind(value, out _)
                && TimeIntervalText.TryParse(value, out TimeInterval span)
            ? TimeZones.Of(span.ToTimeSpan())
            : TimeZones.Of(value, position);

    private static long Memory(string name, string value, SourcePosition position) =>
        Whole(name, value, OperatorMemoryBytesMin, "65536 or more bytes", position);

    private static bool IsAllowed(string name, string value, SourcePosition position) =>
        value.ToLowerInvariant() switch
        {
            "allow" => true,
            "error" => false,
            _ => throw Invalid(name, value, "error, allow", position),
        };

    // DuckDB's words, by the order of the enumeration.
    private static readonly string[] NullOrderWords =
    [
        "nulls_first_on_asc_last_on_desc", "nulls_last_on_asc_first_on_desc", "nulls_first",
        "nulls_last",
    ];

    private static NullPlacement PlacementOf(
        string name, string value, SourcePosition position) =>
        value.ToLowerInvariant().Replace(' ', '_') switch
        {
            "sqlite" or "nulls_first_on_asc_last_on_desc" => NullPlacement.Least,
            "postgres" or "nulls_last_on_asc_first_on_desc" => NullPlacement.Greatest,
            "first" or "nulls_first" => NullPlacement.First,
            "last" or "nulls_last" => NullPlacement.Last,
            _ => throw Invalid(
                name, value, "sqlite, postgres, nulls_first, nulls_last", position),
        };

    private static int Percent(string name, string value, SourcePosition position)
    {
        const string Choices = "1 to 100 percent";
        long share = Whole(name, value, 1, Choices, position);
        return share <= WorkPace.SharePercentMax
            ? (int)share
            : throw Invalid(name, value, Choices, position);
    }

    private static bool IsOn(
        string name, string value, string choices, SourcePosition position) =>
        value.ToLowerInvariant() switch
        {
            "on" or "1" or "true" or "yes" => true,
            "off" or "0" or "false" or "no" => false,
            _ => throw Invalid(name, value, choices, position),
        };

    private static string Canonical(string name, SourcePosition position)
    {
        if (name.StartsWith("time", StringComparison.OrdinalIgnoreCase)
            && name.EndsWith(" zone", StringComparison.OrdinalIgnoreCase))
        {
            return "timezone";
        }

        foreach (string known in Names)
        {
            if (string.Equals(known, name, StringComparison.OrdinalIgnoreCase))
            {
                return known;
            }
        }

        throw new NeuroStoreException(
            ErrorCode.InvalidSetting,
            $"There is no setting '{name}'; the settings are {string.Join(", ", Names)}.",
            position);
    }

    private static long Whole(
        string name, string value, long least, string choices, SourcePosition position) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
        && number >= least
            ? number
            : throw Invalid(name, value, choices, position);

    private static T Choose<T>(string name, string value, SourcePosition position)
        where T : struct, Enum
    {
        foreach (T choice in Enum.GetValues<T>())
        {
            if (string.Equals(Word(choice), value, StringComparison.OrdinalIgnoreCase))
            {
                return choice;
            }
        }

        string choices = string.Join(", ", Enum.GetValues<T>().Select(Word));
        throw Invalid(name, value, choices, position);
    }

    private static string Word<T>(T choice)
        where T : struct, Enum
        => choice.ToString().ToLowerInvariant();

    private static NeuroStoreException Invalid(
        string name, string value, string choices, SourcePosition position) =>
        new(
            ErrorCode.InvalidSetting,
            $"The setting '{name}' does not take '{value}'; it takes one of: {choices}.",
            position);
}
