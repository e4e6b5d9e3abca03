using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Changes the models of the catalog, and what is stored of them.</summary>
internal static class ModelCatalog
{
    /// <summary>Stores a model with its first version.</summary>
    /// <param name="name">The name.</param>
    /// <param name="sql">The text of the statement that makes it.</param>
    /// <param name="built">The version.</param>
    /// <param name="context">The transaction.</param>
    public static ModelDefinition Create(
        string name, string sql, BuiltModel built, ExecutionContext context)
    {
        ModelVersionInfo info = Store(built, 1, name, context);
        var model = new ModelDefinition
        {
            Name = name,
            Sql = sql,
            CreatedMicroseconds = context.NowMicroseconds,
            Live = 1,
            Next = 2,
            History = [],
            Versions = [info],
        };
        context.Transaction.PutObject(model.ToObject());
        return model;
    }

    /// <summary>Stores a further version of a model.</summary>
    /// <param name="model">The model as the transaction sees it.</param>
    /// <param name="built">The version.</param>
    /// <param name="isLive">Whether it becomes live.</param>
    /// <param name="context">The transaction.</param>
    public static ModelDefinition Add(
        ModelDefinition model, BuiltModel built, bool isLive, ExecutionContext context)
    {
        ModelVersionInfo info = Store(built, model.Next, model.Name, context);
        ModelDefinition changed = model with
        {
            Next = model.Next + 1,
            Versions = [.. model.Versions, info],
        };
        changed = isLive ? changed.WithLive(info.Number) : changed;
        changed = Thin(changed, context);
        context.Transaction.PutObject(changed.ToObject());
        return changed;
    }

    /// <summary>Puts a changed model in the place of the one before.</summary>
    public static void Put(ModelDefinition model, ExecutionContext context) =>
        context.Transaction.PutObject(model.ToObject());

    /// <summary>Drops versions of a model and frees what only they have.</summary>
    public static ModelDefinition Remove(
        ModelDefinition model,
        Func<ModelVersionInfo, bool> isRemoved,
        ExecutionContext context)
    {
        HashSet<int> removed = [];
        foreach (ModelVersionInfo version in model.Versions.Where(isRemoved))
        {
            Invariant.Check(version.Number != model.Live);
            ModelAudit.Drop(model.Name, version, context);
            context.Models.Forget(version.Identity);
            removed.Add(version.Number);
        }

        return model with
        {
            Versions = [.. model.Versions.Where(it => !removed.Contains(it.Number))],
            History = [.. model.History.Where(it => !removed.Contains(it))],
        };
    }

    /// <summary>Drops a model with all its versions.</summary>
    public static void Drop(ModelDefinition model, ExecutionContext context)
    {
        foreach (ModelVersionInfo version in model.Versions)
        {
            ModelAudit.Drop(model.Name, version, context);
            context.Models.Forget(version.Identity);
        }

        bool isThere = context.Transaction.Catalog.TryGetObject(
            CatalogObjectKind.Model, model.Name, out CatalogObject known);
        Invariant.Check(isThere);
        context.Transaction.DropObject(known);
    }

    /// <summary>The model without the versions that the policy keep_versions drops.</summary>
    /// <remarks>
    /// The live version and those that ROLLBACK goes to next are the last to go.
    /// </remarks>
    public static ModelDefinition Thin(ModelDefinition model, ExecutionContext context)
    {
        int kept = ModelPolicies.Of(model).KeptVersions;
        int surplus = model.Versions.Count - kept;
        if (kept == 0 || surplus <= 0)
        {
            return model;
        }

        IReadOnlySet<int> used = ModelUse.VersionsOf(model, context);
        HashSet<int> removed =
        [
            .. model.Versions.Select(static it => it.Number)
                .Where(number => number != model.Live && number != model.Versions[^1].Number
                    && !used.Contains(number))
                .OrderBy(number => model.History.ToList().IndexOf(number))
                .ThenBy(static number => number)
                .Take(surplus),
        ];
        if (removed.Count == 0)
        {
            return model;
        }

        context.Notices.Add(
            $"Dropped by keep_versions: {string.Join(", ", removed.Order())}.");
        return Remove(model, it => removed.Contains(it.Number), context);
    }

    private static ModelVersionInfo Store(
        BuiltModel built, int number, string name, ExecutionContext context)
    {
        // Number and name make the header of every version another one, and the last number does
        // where a clock stands still.
        var facts = new Dictionary<string, string>(built.Package.Facts)
        {
            ["model"] = name,
            ["version"] = number.ToString(CultureInfo.InvariantCulture),
        };
        ModelPackage package = built.Package with { Facts = facts };
        byte[] header = ModelFile.WriteHeader(package);
        for (int copy = 2; ModelWriter.IsThere(header, context.Transaction); copy++)
        {
            facts["copy"] = copy.ToString(CultureInfo.InvariantCulture);
            header = ModelFile.WriteHeader(package);
        }

        long testUses = built.Facts.MetricPart == "test" ? 1 : 0;
        ModelVersionInfo info = built.Info with
        {
            Number = number,
            Identity = ModelWriter.Write(
                package, header, built.Log, testUses, context.Transaction),
        };
        if (built.Facts.Metric.Length > 0)
        {
            ModelWriter.AddEvaluation(
                info.Identity,
                built.Facts.MetricPart,
                built.Facts.MetricPart == "test" ? built.Facts.RowsTest
                    : built.Facts.MetricPart == "validation" ? built.Facts.RowsValidation
                    : built.Facts.RowsTrain,
                built.Facts.ToMetric(),
                built.Facts.SplitHash,
                context);
        }

        context.Models.Keep(new ModelVersion(name, info, package));
        return info;
    }
}
