using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// What RETRAIN and TUNE take for the clauses of a network that came from a file: the columns that
/// it reads go in as they are, and its layers are those that it has.
/// </summary>
internal static class ImportedModel
{
    private const string Layers = "LAYERS";
    private const string UsualTarget = "target";

    /// <summary>The clauses; null if the model predicts nothing that could be learned.</summary>
    public static ModelDefinitionSyntax? TryDefine(ModelDefinition model)
    {
        ModelVersionInfo info = model.LiveVersion;
        if (SqlParser.Parse(model.Sql) is not [ImportModelStatementSyntax]
            || info.Task is not (ModelTask.Classifier or ModelTask.Regressor))
        {
            return null;
        }

        string target = info.Target.Length > 0 ? info.Target : UsualTarget;
        string[] plain = [.. info.Inputs
            .Where(static it => ModelRows.ColumnOf(it.Name, it.Type).Kind == ColumnKind.Number)
            .Select(static it => $"identity({SqlText.Quote(it.Name)})")];
        string transform = plain.Length > 0 ? $"TRANSFORM ({string.Join(", ", plain)}) " : "";
        string text = $"CREATE MODEL m TYPE {info.Task} PREDICT {SqlText.Quote(target)} "
            + $"{transform}AS SELECT 1";
        return SqlParser.Parse(text) is [CreateModelStatementSyntax create]
            ? create.Definition : null;
    }

    /// <summary>
    /// The recipe of a version: of a network from a file, the list of its layers.
    /// </summary>
    public static string RecipeOf(ModelVersion version)
    {
        string recipe = version.Facts.Recipe;
        bool isList = version.Model is NetworkModel network && recipe == network.Network.Text;
        return isList ? $"{Layers} ({recipe})" : recipe;
    }

    /// <summary>The query of a version; an error if it came from a file.</summary>
    public static string QueryOf(ModelVersion version, SourcePosition position) =>
        version.Facts.TrainQuery.Length > 0 ? version.Facts.TrainQuery
        : throw new NeuroStoreException(
            ErrorCode.NotSupported,
            $"The model {version.Name} came from a file, so there is no query to train on again; "
            + "write RETRAIN MODEL .. WARM START AS SELECT its columns and "
            + $"{(version.Info.Target.Length > 0 ? version.Info.Target : UsualTarget)}.",
            position);
}
