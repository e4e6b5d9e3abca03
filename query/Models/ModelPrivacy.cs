using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// The budget of a model: dp_epsilon is what all its versions together may reveal of a row that
/// trained them, so each training has what the others left.
/// </summary>
internal static class ModelPrivacy
{
    private const double LeastEpsilon = 1e-3;

    /// <summary>The options with what is left of the budget; an error if nothing is.</summary>
    public static TrainingOptions Limit(TrainingOptions options, ModelPlan plan, int targets)
    {
        if (!plan.Options.Has("dp_epsilon"))
        {
            return plan.Options.Has("dp_delta") || plan.Options.Has("max_grad_norm")
                ? throw NeuralErrors.InvalidModel(
                    "dp_delta and max_grad_norm say how dp_epsilon is kept; give it too.")
                : options;
        }

        if (targets > 1 || plan.Recipe?.Members.Count > 0)
        {
            throw NeuralErrors.InvalidModel(
                "dp_epsilon is kept for one network and one target; train a model for each.");
        }

        double left = options.PrivateEpsilon - plan.SpentEpsilon;
        return left >= LeastEpsilon
            ? options with { PrivateEpsilon = left }
            : throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The privacy budget is spent: the versions of the model used an epsilon of "
                    + $"{plan.SpentEpsilon:0.####} of {options.PrivateEpsilon:0.####}. A larger ")
                + "dp_epsilon gives more away.",
                plan.Position);
    }

    /// <summary>What the versions of a model spent so far.</summary>
    public static double SpentBy(ModelDefinition model, ExecutionContext context) =>
        model.Versions.Max(version => ModelReader.ReadFacts(
            version.Identity, context.Transaction).Facts.PrivateTotal);

    /// <summary>Refuses a search with a budget: every trial would spend of it.</summary>
    public static void RefuseSearch(ModelPlan plan)
    {
        if (plan.Options.Has("dp_epsilon"))
        {
            throw NeuralErrors.InvalidModel(
                "TUNE trains many times on the same rows, and each trial would spend the privacy "
                + "budget; choose options on other data.");
        }
    }
}
