using System.Runtime.CompilerServices;

namespace NeuroDb.Query;

/// <summary>The parsed definitions of triggers, kept as long as the catalog has them.</summary>
internal static class TriggerDefinition
{
    private static readonly ConditionalWeakTable<CatalogObject, CreateTriggerStatementSyntax>
        Known = [];

    /// <summary>The statement that made a trigger.</summary>
    public static CreateTriggerStatementSyntax Of(CatalogObject trigger)
    {
        Invariant.Check(trigger.Kind == CatalogObjectKind.Trigger);
        return Known.GetValue(
            trigger, static known => (CreateTriggerStatementSyntax)SqlParser.Parse(known.Sql)[0]);
    }
}
