import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DataError } from '../tensor/index.ts';
import { readClassList } from './class-list.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-classes-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function classes(name: string, text: string): Promise<string[]> {
  const path = join(folder, name);
  await writeFile(path, text);
  return readClassList(path);
}

it('JSON that is broken is refused with the reason, and not read as a name a line', async () => {
  const broken = classes('broken.json', '[\n"hat",\n"shoe"\n');
  await expect(broken).rejects.toBeInstanceOf(DataError);
  await expect(broken).rejects.toThrow(/broken\.json: expected JSON, but it cannot be read: \S/);
});

it('a text may start with a bracket', async () => {
  expect(await classes('brackets.txt', '[none]\nhat\n')).toEqual(['[none]', 'hat']);
});

it.each([
  ['plain.txt', 'cat\r\ndog\n\ncow\n'],
  ['numbered.txt', '0 cat\n1 dog\n2 cow\n'],
  ['mixed.txt', '2: cow\n0: cat\n1: dog\n'],
  ['from-one.txt', '1 cat\n2 dog\n3 cow\n'],
  ['tabs.txt', '0\tcat\n1\tdog\n2\tcow\n'],
  ['dots.txt', '0. cat\n1. dog\n2. cow'],
  ['behind.txt', 'cow 2\ncat 0\ndog 1\n'],
  ['commas.txt', 'cat,0\ndog,1\ncow,2'],
  ['python.txt', "{0: 'cat',\n 1: \"dog\",\n 2: 'cow'}\n"],
  ['list.json', '["cat", "dog", "cow"]'],
  ['index.json', '{"0": "cat", "2": "cow", "1": "dog"}'],
  ['numbers.json', '{"cow": 2, "cat": 0, "dog": 1}'],
  ['imagenet_class_index.json', '{"0": ["n01", "cat"], "1": ["n02", "dog"], "2": ["n03", "cow"]}'],
  ['config.json', '{"model_type": "resnet", "num_labels": 3, "id2label": {"0": "cat", "1": "dog", "2": "cow"}}'],
  ['label2id.json', '{"label2id": {"dog": 1, "cat": 0, "cow": 2}}'],
  ['metadata.json', '{"tmVersion": "2.4.10", "labels": ["cat", "dog", "cow"], "imageSize": 224}'],
  ['script.json', '{"epochs": 3, "class_names": ["cat", "dog", "cow"]}'],
  ['table.csv', 'class,index\ncow,2\ncat,0\ndog,1\n'],
  ['other.csv', 'label;name\n0;cat\n1;dog\n2;cow\n'],
  ['more.csv', 'id,Class Name,images\n1,cat,10\n2,dog,20\n3,"cow",30\n'],
  ['names.csv', 'name\ncat\ndog\ncow\n'],
  ['table.txt', 'idx\tspecies\n0\tcat\n1\tdog\n2\tcow\n'],
])('%s gives the names in the order of the outputs', async (name, text) => {
  expect(await classes(name, text)).toEqual(['cat', 'dog', 'cow']);
});

it("Teachable Machine's labels keep what its classes are called", async () => {
  expect(await classes('labels.txt', '0 Class 1\n1 Class 2\n')).toEqual(['Class 1', 'Class 2']);
});

it.each([
  ['n01440764 tench, Tinca tinca', 'n01443537 goldfish'],
  ['class 0', 'class 1'],
  ['class 1', 'class 0'],
  ['0', '1'],
  ['3 doors', '5 doors'],
  ['0 - zero', '1 - one'],
  ['Boeing 707', 'Boeing 717'],
  ['7 of nine', 'cat'],
  ['name', 'class'],
  ['great white shark, white shark', 'tiger shark, Galeocerdo cuvieri'],
])('names such as `%s` are left as they are', async (...names) => {
  expect(await classes('names.txt', names.join('\n'))).toEqual(names);
});

it.each([
  ['gap.txt', '0 cat\n1 dog\n3 cow', 'expected a name for each of 0 to 2, but there is none for 2'],
  ['gap.csv', 'class,index\ncat,0\ndog,5', 'there is none for 1'],
  ['twice.csv', 'class,index\ncat,0\ndog,0', 'expected every number once, but 0 comes twice'],
  ['gap.json', '{"id2label": {"1": "cat", "2": "dog"}}', 'there is none for 0'],
  ['other.json', '{"epochs": 3, "name": "x"}', 'also under `id2label`'],
  ['empty.json', '[]', 'expected a list of names'],
  ['empty.txt', '\n \n', 'expected one class name a line, but got none'],
])('%s is refused with what is wrong', async (name, text, problem) => {
  const refused = classes(name, text);
  await expect(refused).rejects.toBeInstanceOf(DataError);
  await expect(refused).rejects.toThrow(problem);
});
