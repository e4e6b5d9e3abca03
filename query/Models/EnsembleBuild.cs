using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Trains an ensemble and tells what each member is worth.</summary>
/// <param name="trainer">With the recipe of the ensemble.</param>
/// <param name="shape">The shape of the features of a row.</param>
/// <param name="outputs">Classes, or 1.</param>
/// <param name="source">The rows.</param>
/// <param name="notices">Where weights are told.</param>
internal sealed class EnsembleBuild(
    ModelTrainer trainer,
    TensorShape shape,
    int outputs,
    ModelSource source,
    NoticeList notices)
{
    /// <summary>Trains.</summary>
    /// <param name="optionsOf">How a member is trained.</param>
    /// <param name="report">Is told how far it is.</param>
    /// <param name="cancellation">Ends it.</param>
    public TrainedModel Train(
        Func<Recipe, TrainingOptions> optionsOf,
        Action<TrainingProgress> report,
        CancellationToken cancellation)
    {
        if (source.Train.TargetCount > 1)
        {
            throw NeuralErrors.InvalidModel(
                "An ensemble predicts one target; make a model for each.");
        }

        (TrainedModel trained, double[] errors, double together) = trainer.TrainEnsemble(
            shape, outputs, source.Train, source.Validation, optionsOf, report, cancellation);
        var ensemble = (EnsembleModel)trained.Model;
        if (errors.Length == 0)
        {
            notices.Add(
                "All members of the ensemble count the same"
                + (trainer.Recipe.IsMean ? "." : ", because no rows validate."));
            return trained;
        }

        string members = string.Join(", ", trainer.Recipe.Members.Select((member, i) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{member.Name} {ensemble.Weights[i]:0.##} ({errors[i]:0.####})")));
        notices.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"Weights of the members, with their squared errors on validation rows: {members}; "
            + $"together {together:0.####}."));
        return trained;
    }
}
