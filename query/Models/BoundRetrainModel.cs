using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// RETRAIN MODEL: another version on the rows of now, which becomes live if it is better than the
/// live one on the same rows.
/// </summary>
internal sealed class BoundRetrainModel(RetrainModelStatementSyntax syntax)
    : BoundModelChange("Retrain model", syntax, syntax.Name)
{
    /// <inheritdoc/>
    protected override ModelChange? Execute(ExecutionContext context)
    {
        RefuseParameters(syntax);
        ModelDefinition model = ModelLookup.Find(syntax.Name, context.Transaction.Catalog);
        ModelVersion live =
            context.Models.Load(model.Name, model.LiveVersion, context.Transaction);
        ModelPlan plan = ModelBinder.Bind(
            DefinitionOf(model, syntax.Name.Position),
            ImportedModel.RecipeOf(live),
            syntax.QueryText ?? ImportedModel.QueryOf(live, syntax.Name.Position),
            ModelOptions.Read(live.Facts.Options, syntax.Options),
            context,
            syntax.Name.Position) with
        {
            SpentEpsilon = ModelPrivacy.SpentBy(model, context),
            SeenShape = live.Model switch
            {
                NetworkModel network => network.Network.Input,
                QuantizedNetworkModel packed => packed.Restored.Network.Input,
                _ => null,
            },
        };
        using ModelTraining training =
            context.Models.Begin(model.Name, model.Next, context.Clock);
        IModelBuild build = ModelBuilds.Prepare(plan, WarmStartOf(live), context);
        BuiltModel built = build.Train(training);
        bool isLive = !syntax.IsKept && IsBetter(build, built, live, context);
        ModelDefinition changed = ModelCatalog.Add(model, built, isLive, context);
        return new ModelChange(changed, model.Next, built.Facts);
    }

    /// <summary>The clauses of the statement that made a model.</summary>
    internal static ModelDefinitionSyntax DefinitionOf(
        ModelDefinition model, SourcePosition position) =>
        SqlParser.Parse(model.Sql) is [CreateModelStatementSyntax create]
            ? create.Definition
            : ImportedModel.TryDefine(model) ?? throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"The model {model.Name} was not trained here, so there is nothing to train again; "
                + "use CREATE OR REPLACE MODEL.",
                position);

    private WarmStart? WarmStartOf(ModelVersion live)
    {
        if (syntax.FreezeLast > 0 && (!syntax.IsWarmStart || syntax.FreezeFirst != 1))
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                "FREEZE keeps the weights of the first layers of the live version: write WARM "
                + "START FREEZE 1 TO n.",
                syntax.Position);
        }

        return syntax.IsWarmStart ? new WarmStart(live, syntax.FreezeLast) : null;
    }

    private static bool IsBetter(
        IModelBuild build, BuiltModel built, ModelVersion live, ExecutionContext context)
    {
        SplitPart part = build.CountOf(SplitPart.Validation) > 0
            ? SplitPart.Validation
            : SplitPart.Test;
        JudgedMetric? own = build.Judge(built.Package, part);
        JudgedMetric? old = null;
        try
        {
            old = own is null ? null : build.Judge(live.Package, part);
        }
        catch (NeuroStoreException error) when (error.Code is ErrorCode.UnknownColumn
            or ErrorCode.TypeMismatch or ErrorCode.DimensionMismatch)
        {
            context.Notices.Add(
                $"Version {live.Info.Number} does not fit the rows any more: {error.Message}");
        }

        if (own is null || old is null)
        {
            context.Notices.Add(
                $"Nothing compares with version {live.Info.Number}; the new version is live.");
            return true;
        }

        if (part == SplitPart.Test)
        {
            context.Models.CountTestUse(live.Info.Identity, context.Transaction);
        }

        bool isBetter = own.IsHigherBetter ? own.Value > old.Value : own.Value < old.Value;
        string outcome = isBetter ? "the new version is live." : "the live version stays.";
        context.Notices.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{own.Name} on the {part.ToString().ToLowerInvariant()} rows is {own.Value:0.####}, "
            + $"that of version {live.Info.Number} is {old.Value:0.####}: {outcome}"));
        return isBetter;
    }
}
