using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The threshold of a contract in one execution, looked for once.</summary>
internal sealed class ContractRun
{
    private readonly Lock _gate = new();
    private ModelVersion? _version;
    private float _threshold;

    /// <summary>The version, and the least probability; an error if there is none.</summary>
    public (ModelVersion Version, float Threshold) Of(
        ContractExpression contract, string label, ExecutionContext context)
    {
        lock (_gate)
        {
            if (_version is null)
            {
                ModelVersion version = contract.Inputs.Model.Load(context).Heads[contract.Target];
                _threshold = Find(version, contract, label, context);
                _version = version;
            }

            return (_version, _threshold);
        }
    }

    private static float Find(
        ModelVersion version, ContractExpression contract, string label, ExecutionContext context)
    {
        SourcePosition position = contract.Inputs.Position;
        int number = version.Labels.ToList().IndexOf(label);
        if (number < 0)
        {
            throw PredictionValues.UnknownLabel(version, label, position);
        }

        string calibration = version.Facts.Targets[0].Calibration;
        if (calibration.Length == 0)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                $"Nothing shows how precise the model {version.Name} is: it has no validation "
                + "rows, or was imported or quantized. Train it with SPLIT (train .8, validation "
                + ".2).",
                position);
        }

        (float[] scores, bool[] isRight) = CalibrationRows.Read(calibration, number);
        PrecisionContract found = PrecisionContract.Find(
            scores, isRight, contract.Precision, contract.Confidence)
            ?? throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A precision of {contract.Precision} cannot be shown with a confidence of "
                    + $"{contract.Confidence}: {version.Name} says '{ValueText.Shorten(label)}' of "
                    + $"{scores.Length} validation rows, {isRight.Count(static it => it)} of them "
                    + $"rightly, and these show at most {Reachable(scores, isRight, contract)}. "
                    + $"Ask for less, or train with more validation rows."),
                position);
        context.Notices.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{version.Name} is taken at its word for '{ValueText.Shorten(label)}' from a "
            + $"probability of {found.Threshold:0.####} on: {found.Right} of {found.Rows} "
            + $"validation rows there are right (of {scores.Length} said so), a precision of at "
            + $"least {found.LowerBound:0.####}."));
        return found.Threshold;
    }

    private static double Reachable(float[] scores, bool[] isRight, ContractExpression contract) =>
        Math.Round(
            PrecisionContract.Reachable(scores, isRight, contract.Confidence),
            3,
            MidpointRounding.ToZero);
}
