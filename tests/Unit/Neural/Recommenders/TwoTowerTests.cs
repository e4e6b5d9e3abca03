using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Towers of users and items.</summary>
public sealed class TwoTowerTests
{
    private const int Items = 40;

    [Fact]
    public void A_user_without_a_vector_gets_the_taste_of_the_history()
    {
        TwoTowerModel model = Train(1);
        var vector = new float[model.Dimension];
        var scores = new float[Items];
        model.FillUser(-1, [0, 1, 2, 3], vector);
        model.Score(vector, scores);
        int[] best = TopItems.Of(scores, static item => item < 4, 6);
        Assert.All(best, static item => Assert.InRange(item, 4, 9));
    }

    [Fact]
    public void Equal_seeds_give_equal_numbers_and_others_do_not()
    {
        Assert.Equal(ModelTrainer.HashOf(Train(1)), ModelTrainer.HashOf(Train(1)));
        Assert.NotEqual(ModelTrainer.HashOf(Train(1)), ModelTrainer.HashOf(Train(2)));
    }

    [Fact]
    public void A_choice_against_one_item_follows_the_gradient_of_its_loss()
    {
        // Two items and one user with one choice: the loss falls in every pass.
        var trainer = new TwoTowerTrainer(
            [[0]], 2, new TwoTowerOptions(4, 1, 0.05, 0, 1));
        double last = double.PositiveInfinity;
        for (int pass = 0; pass < 20; pass++)
        {
            double loss = trainer.RunPass(default);
            Assert.True(loss < last, $"{loss} after {last}");
            last = loss;
        }
    }

    [Fact]
    public void Towers_come_back_from_their_file_and_others_are_refused()
    {
        TwoTowerModel model = Train(1);
        var package = new ModelPackage(model, null, [], new Dictionary<string, string>());
        Model read = ModelFile.Read(ModelFile.Write(package)).Model;
        Assert.Equal(ModelTrainer.HashOf(model), ModelTrainer.HashOf(read));
        Dictionary<string, Tensor> tensors =
            model.Tensors.ToDictionary(static it => it.Name, static it => it);
        tensors["bias"] = Tensor.Create("bias", Items - 1);
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => TwoTowerModel.FromTensors(tensors));
        Assert.Equal(ErrorCode.MalformedModel, error.Code);
    }

    [Fact]
    public void The_best_items_come_first_and_equal_ones_by_number()
    {
        float[] scores = [1, 3, 3, 2, 5];
        Assert.Equal([4, 1, 2], TopItems.Of(scores, static _ => false, 3));
        Assert.Equal([1, 2, 3, 0], TopItems.Of(scores, static item => item == 4, 10));
        Assert.Empty(TopItems.Of(scores, static _ => true, 3));
        Assert.Equal(1, TopItems.Gain([7, 8], new HashSet<int> { 7 }, 10), 1e-12);
        Assert.Equal(
            1 / Math.Log2(3), TopItems.Gain([7, 8], new HashSet<int> { 8 }, 10), 1e-12);
        Assert.Equal(0, TopItems.Gain([7, 8], new HashSet<int> { 9 }, 10));
    }

    // Four tastes of ten items; a user has eight of one of them.
    private static TwoTowerModel Train(ulong seed)
    {
        List<int[]> chosen = [.. Enumerable.Range(0, 80).Select(static user =>
            Enumerable.Range(0, 8).Select(k => ((user % 4) * 10) + ((user + k) % 10)).ToArray())];
        var trainer = new TwoTowerTrainer(
            chosen, Items, new TwoTowerOptions(8, 5, 0.05, 0.001, seed));
        for (int pass = 0; pass < 10; pass++)
        {
            trainer.RunPass(default);
        }

        return trainer.Model;
    }
}
