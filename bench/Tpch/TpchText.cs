using System.Text;

namespace NeuroDb.Bench;

/// <summary>
/// The words and comments of the benchmark. Comments are pieces of one pool of sentences, as in
/// TPC-H 4.2.2.10.
/// </summary>
internal sealed class TpchText
{
    private const int PoolLength = 1 << 20;

    private static readonly string[] Nouns = Split(
        "foxes ideas theodolites pinto~beans instructions dependencies excuses platelets "
        + "asymptotes courts dolphins multipliers sauternes warthogs frets dinos attainments "
        + "somas Tiresias' patterns forges braids hockey~players frays warhorses dugouts notornis "
        + "epitaphs pearls tithes waters orbits gifts sheaves depths sentiments decoys realms "
        + "pains grouches escapades packages requests accounts deposits");

    private static readonly string[] Verbs = Split(
        "sleep wake are cajole haggle nag use boost affix detect integrate maintain nod was lose "
        + "sublate solve thrash promise engage hinder print x-ray breach eat grow impress mold "
        + "poach serve run dazzle snooze doze unwind kindle play hang believe doubt");

    private static readonly string[] Adjectives = Split(
        "furious sly careful blithe quick fluffy slow quiet ruthless thin close dogged daring "
        + "brave stealthy permanent enticing idle busy regular final ironic even bold silent "
        + "special pending unusual express");

    private static readonly string[] Adverbs = Split(
        "sometimes always never furiously slyly carefully blithely quickly fluffily slowly "
        + "quietly ruthlessly thinly closely doggedly daringly bravely stealthily permanently "
        + "enticingly idly busily regularly finally ironically evenly boldly silently");

    private static readonly string[] Prepositions = Split(
        "about above according~to across after against along alongside~of among around at atop "
        + "before behind beneath beside besides between beyond by despite during except for from "
        + "in~place~of inside instead~of into near of on outside over past since through "
        + "throughout to toward under until up upon without with within");

    private static readonly string[] Marks = [".", ";", ":", "?", "!", "--"];

    private readonly string _pool = MakePool();

    /// <summary>The colours that part names are made of.</summary>
    public static string[] Colors { get; } = Split(
        "almond antique aquamarine azure beige bisque black blanched blue blush brown burlywood "
        + "burnished chartreuse chiffon chocolate coral cornflower cornsilk cream cyan dark deep "
        + "dim dodger drab firebrick floral forest frosted gainsboro ghost goldenrod green grey "
        + "honeydew hot indian ivory khaki lace lavender lawn lemon light lime linen magenta "
        + "maroon medium metallic midnight mint misty moccasin navajo navy olive orange orchid "
        + "pale papaya peach peru pink plum powder puff purple red rose rosy royal saddle salmon "
        + "sandy seashell sienna sky slate smoke snow spring steel tan thistle tomato turquoise "
        + "violet wheat white yellow");

    /// <summary>Words that are separated by blanks; ~ stands for a blank within one.</summary>
    public static string[] Split(string words) =>
        [.. words.Split(' ').Select(static word => word.Replace('~', ' '))];

    /// <summary>A comment.</summary>
    public string Comment(TpchRandom random, int lengthMin, int lengthMax)
    {
        int length = random.Between(lengthMin, lengthMax);
        return _pool.Substring(random.Between(0, PoolLength - length), length);
    }

    private static string MakePool()
    {
        var random = new TpchRandom(11);
        var pool = new StringBuilder(PoolLength + 200);
        while (pool.Length < PoolLength)
        {
            NounPhrase(pool, random);
            VerbPhrase(pool, random);
            int form = random.Between(0, 4);
            if (form is 1 or 3 or 4)
            {
                pool.Append(random.Pick(Prepositions)).Append(" the ");
                NounPhrase(pool, random);
            }

            if (form is 2 or 3)
            {
                NounPhrase(pool, random);
            }

            pool.Length--;
            pool.Append(random.Pick(Marks)).Append(' ');
        }

        return pool.ToString(0, PoolLength);
    }

    private static void NounPhrase(StringBuilder pool, TpchRandom random)
    {
        int form = random.Between(0, 3);
        if (form == 3)
        {
            pool.Append(random.Pick(Adverbs)).Append(' ');
        }

        if (form > 0)
        {
            pool.Append(random.Pick(Adjectives)).Append(form == 2 ? ", " : " ");
        }

        if (form == 2)
        {
            pool.Append(random.Pick(Adjectives)).Append(' ');
        }

        pool.Append(random.Pick(Nouns)).Append(' ');
    }

    private static void VerbPhrase(StringBuilder pool, TpchRandom random)
    {
        pool.Append(random.Pick(Verbs)).Append(' ');
        if (random.Between(0, 1) == 1)
        {
            pool.Append(random.Pick(Adverbs)).Append(' ');
        }
    }
}
