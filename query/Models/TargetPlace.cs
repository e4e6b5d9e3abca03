using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Which outputs of a model, and which of its labels, are of one of its targets.</summary>
/// <param name="Offset">The first output.</param>
/// <param name="Width">How many there are.</param>
/// <param name="Labels">The labels; none for a number.</param>
internal sealed record TargetPlace(int Offset, int Width, IReadOnlyList<string> Labels)
{
    /// <summary>The places of so many targets, in their order.</summary>
    public static IReadOnlyList<TargetPlace> Of(
        Model model, IReadOnlyList<string> labels, int targets)
    {
        if (targets <= 1)
        {
            return [new TargetPlace(0, model.OutputCount, labels)];
        }

        var group = model as GroupModel;
        Invariant.Check(group?.Members.Count == targets || model.OutputCount == targets);
        var places = new TargetPlace[targets];
        int offset = 0;
        for (int i = 0; i < targets; i++)
        {
            int width = group?.Members[i].OutputCount ?? 1;
            places[i] = new TargetPlace(
                offset,
                width,
                model.Task == ModelTask.Classifier ? [.. labels.Skip(offset).Take(width)] : []);
            offset += width;
        }

        return places;
    }

    /// <summary>Whether a model can have places for so many targets.</summary>
    public static bool Fits(Model model, int targets) => targets <= 1
        || (model is GroupModel group ? group.Members.Count == targets
            : model.Task == ModelTask.Regressor && model.OutputCount == targets);

    /// <summary>The part of a model that speaks of the target.</summary>
    public Model PartOf(Model model, int ordinal) =>
        model is GroupModel group ? group.Members[ordinal]
        : Width == model.OutputCount ? model
        : new SliceModel(model, Offset, Width);
}
