using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Tries options of a model: each trial learns from the rows that train and is compared by those
/// that validate; rows that test are not read. With the same seed and enough time the same trials
/// come in the same order and give the same best one.
/// </summary>
internal sealed class ModelSearch
{
    /// <summary>
    /// Two of three candidates go after each round (Jamieson and Talwalkar, AISTATS 2016).
    /// </summary>
    private const int Factor = 3;

    private const int HalvedMax = 81;
    private const string Architecture = "architecture";
    private static readonly string[] Methods = ["random", "grid", "halving"];
    private readonly ModelBuild _build;
    private readonly ModelPlan _plan;
    private readonly SearchSpace _space;
    private readonly SearchMetric _metric;
    private readonly ModelTraining _training;
    private readonly ExecutionContext _context;
    private readonly double _seconds;
    private readonly long _started;
    private readonly List<Trial> _trials = [];

    /// <summary>A search that has tried nothing yet.</summary>
    public ModelSearch(
        ModelPlan plan,
        ModelBuild build,
        SearchSpace space,
        SearchMetric metric,
        double seconds,
        ModelTraining training,
        ExecutionContext context)
    {
        _plan = plan;
        _build = build;
        _space = space;
        _metric = metric;
        _seconds = seconds > 0 ? seconds : double.PositiveInfinity;
        _training = training;
        _context = context;
        _started = context.Clock.GetTimestamp();
    }

    /// <summary>All trials so far.</summary>
    public IReadOnlyList<Trial> Trials => _trials;

    /// <summary>The best of them; null if none gave a model.</summary>
    public Trial? Best { get; private set; }

    /// <summary>The model of the best one, with what it was built by.</summary>
    public (ModelBuild Build, LearnedModel Model)? BestModel { get; private set; }

    private double ElapsedSeconds =>
        _context.Clock.GetElapsedTime(_started).TotalSeconds;

    private bool IsOver => _trials.Count > 0 && ElapsedSeconds >= _seconds;

    private ulong Seed => _plan.Options.ToTraining(_plan.Task).Seed;

    /// <summary>Checks every value before anything is trained.</summary>
    public void Check()
    {
        for (int i = 0; i < _space.Options.Count; i++)
        {
            foreach (string value in _space.Options[i].Values)
            {
                ModelPlan plan = PlanOf(
                    new Dictionary<string, string> { [_space.Options[i].Name] = value }, 1);
                if (plan.Recipe is { IsNetwork: false } other)
                {
                    other.ToTreeOptions(1).Validate();
                }
            }
        }
    }

    /// <summary>Searches.</summary>
    public void Run(string method)
    {
        switch (method)
        {
            case "grid":
                Try(_space.InOrder(), 1);
                break;
            case "random":
                Try(_space.Shuffled(Seed), 1);
                break;
            case "halving":
                Halve();
                break;
            default:
                throw NeuralErrors.UnknownName("way to search", method, Methods);
        }
    }

    private List<(int Candidate, JudgedMetric Metric)> Try(IReadOnlyList<int> order, double share)
    {
        var given = new List<(int, JudgedMetric)>();
        foreach (int candidate in order)
        {
            if (IsOver)
            {
                break;
            }

            if (TryOne(_space[candidate], share) is { } metric)
            {
                given.Add((candidate, metric));
            }
        }

        return given;
    }

    /// <summary>
    /// Many candidates get little training, the best third of them three times as much, and so on.
    /// </summary>
    private void Halve()
    {
        int[] left = [.. _space.Shuffled(Seed).Take(HalvedMax)];
        double share = 1;
        for (int count = left.Length; count > 1; count = (count + Factor - 1) / Factor)
        {
            share /= Factor;
        }

        while (!IsOver)
        {
            List<(int Candidate, JudgedMetric Metric)> given = Try(left, share);
            if (share >= 1 || given.Count == 0)
            {
                break;
            }

            given.Sort(static (one, other) => SearchMetric.IsBetter(one.Metric, other.Metric) ? -1
                : SearchMetric.IsBetter(other.Metric, one.Metric) ? 1
                : one.Candidate.CompareTo(other.Candidate));
            left = [.. given.Take((given.Count + Factor - 1) / Factor)
                .Select(static it => it.Candidate)];
            share = left.Length == 1 ? 1 : Math.Min(1, share * Factor);
        }
    }

    private JudgedMetric? TryOne(IReadOnlyDictionary<string, string> chosen, double share)
    {
        _context.ThrowIfCancelled();
        double before = ElapsedSeconds;
        ModelBuild build = _build.With(PlanOf(chosen, share));
        string options = string.Join(", ", chosen.Select(static it => $"{it.Key}={it.Value}"));
        LearnedModel? learned = null;
        JudgedMetric? metric = null;
        string state;
        try
        {
            learned = build.Learn(_training);
            metric = _metric.Judge(build, learned.Package);
            state = ElapsedSeconds >= _seconds ? Trial.Stopped : Trial.Done;
        }
        catch (NeuroStoreException error) when (error.Code is ErrorCode.TrainingDiverged
            or ErrorCode.InvalidModel)
        {
            state = "failed: " + error.Message;
        }

        var trial = new Trial(
            _trials.Count + 1,
            options,
            share,
            metric,
            _build.Data.CountOf(SplitPart.Validation),
            learned?.Facts.RowsTrain ?? 0,
            learned?.Log.Count ?? 0,
            ElapsedSeconds - before,
            state);
        _trials.Add(trial);
        if (learned is not null && metric is not null
            && SearchMetric.IsBetter(metric, Best?.Metric))
        {
            Best = trial;
            BestModel = (build, learned);
        }

        return metric;
    }

    /// <summary>The plan of a candidate with a share of the passes, or of the trees.</summary>
    private ModelPlan PlanOf(IReadOnlyDictionary<string, string> chosen, double share)
    {
        string text = chosen.GetValueOrDefault(Architecture, _plan.RecipeText);
        var texts = new Dictionary<string, string>(_plan.Options.Texts);
        Recipe? recipe = text.Length == 0 ? null : ModelBinder.RecipeOf(text);
        foreach ((string name, string value) in
            chosen.Where(static it => it.Key != Architecture))
        {
            if (recipe is { IsNetwork: false } || name == "width")
            {
                text = WithArgument(recipe, text, name, value);
                recipe = ModelBinder.RecipeOf(text);
            }
            else
            {
                texts[name] = value;
            }
        }

        if (share < 1 && recipe is null or { IsNetwork: true })
        {
            int epochs = ModelOptions.Of(texts).ToTraining(_plan.Task).Epochs;
            texts["epochs"] = Share(epochs, share);
        }
        else if (share < 1 && recipe is { Name: "gbdt" or "random_forest" })
        {
            text = WithArgument(recipe, text, "trees", Share(recipe.Whole("trees", 100), share));
            recipe = ModelBinder.RecipeOf(text);
        }

        LimitTime(texts);
        return _plan with
        {
            Recipe = recipe,
            RecipeText = text,
            Options = ModelOptions.Of(texts),
        };
    }

    private void LimitTime(Dictionary<string, string> texts)
    {
        if (!double.IsInfinity(_seconds))
        {
            double left = Math.Max(0.001, _seconds - ElapsedSeconds);
            double asked = double.TryParse(
                texts.GetValueOrDefault("max_seconds"),
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out double limit) && limit > 0 ? limit : left;
            texts["max_seconds"] =
                Math.Min(asked, left).ToString("R", CultureInfo.InvariantCulture);
        }
    }

    private static string Share(int whole, double share) => Math.Max(1, (int)Math.Round(
        whole * share)).ToString(CultureInfo.InvariantCulture);

    /// <summary>The text of a recipe with one of its arguments set.</summary>
    private static string WithArgument(
        Recipe? recipe, string text, string name, string value)
    {
        if (recipe is null || recipe.Layers is not null)
        {
            throw NeuralErrors.InvalidModel(
                $"The model has no option {name} to tune: it is a list of layers.");
        }

        List<string> arguments =
        [
            .. recipe.Sizes.Select(static size => size.ToString(CultureInfo.InvariantCulture)),
            .. recipe.Options.Where(option => option.Key != name)
                .OrderBy(static option => option.Key, StringComparer.Ordinal)
                .Select(static option => $"{option.Key}={LayerNames.Number(option.Value)}"),
            $"{name}={value}",
        ];
        return $"{recipe.Name}({string.Join(", ", arguments)})";
    }
}
