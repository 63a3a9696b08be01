using HyperDsl.Models;

namespace HyperDsl.Gpu.Tests;

/// <summary>Models over time by name, with weights.</summary>
internal static class CharacterModels
{
    public static Model Make(string name)
    {
        var model = (Model)Activator.CreateInstance(typeof(PlainCharacters).Assembly.GetType("HyperDsl.Models." + name)!)!;
        model.Initialise(3);
        // States that begin with weights begin at zero, like those that do not.
        var random = new Random(5);
        foreach (string learned in model.NewState(1).Names.Intersect(model.Parameters.Parameters.Select(parameter => parameter.Name)))
        {
            foreach (ref float value in model.Parameters[learned])
            {
                value = random.NextSingle() - 0.5f;
            }
        }

        return model;
    }
}
